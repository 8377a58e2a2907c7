"""Every GraphQL document the simulated people use."""

from local.simulator.session import Operation

# -- customers and, for contacts, drivers
CREATE_ORDER = Operation("createOrder", "mutation($input: CreateOrderInput!) { createOrder(input: $input) { id } }")
CANCEL_ORDER = Operation("cancelOrder", "mutation($id: ID!) { cancelOrder(orderId: $id) { id } }")
ORDER = Operation("order", "query($id: ID!) { order(id: $id) { status delayedAt } }")
KEEP_WAITING = Operation("keepWaiting", "mutation($id: ID!) { keepWaiting(orderId: $id) { orderId } }")
SET_MY_CONTACT = Operation(
    "setMyContact",
    "mutation($phone: String!, $locale: String!) { setMyContact(phone: $phone, locale: $locale) { locale } }",
)
SET_MY_PREFERENCES = Operation(
    "setMyPreferences",
    "mutation($channels: ChannelsInput!) { setMyPreferences(channels: $channels) { locale } }",
)
REGISTER_DEVICE = Operation(
    "registerDevice",
    """mutation($deviceId: ID!, $token: String!, $platform: DevicePlatform!) {
      registerDevice(deviceId: $deviceId, token: $token, platform: $platform) { id }
    }""",
)
OPT_OUT = Operation("optOut", "mutation($channels: [AlertChannel!]!) { optOut(channels: $channels) { optedOut } }")

# -- merchants
PUT_MERCHANT = Operation("putMerchant", "mutation($input: MerchantInput!) { putMerchant(input: $input) { id } }")
CONFIRM_ORDER = Operation(
    "confirmOrder",
    """mutation($id: ID!, $ready: AWSDateTime!, $promised: AWSDateTime) {
      confirmOrder(orderId: $id, expectedReadyAt: $ready, promisedAt: $promised) { id }
    }""",
)
REJECT_ORDER = Operation(
    "rejectOrder",
    "mutation($id: ID!, $reason: RejectionReason!) { rejectOrder(orderId: $id, reason: $reason) { id } }",
)
MARK_ORDER_READY = Operation("markOrderReady", "mutation($id: ID!) { markOrderReady(orderId: $id) { id } }")
MY_MERCHANT_ORDERS = Operation(
    "myMerchantOrders", "query { myMerchantOrders(first: 50) { edges { node { id status } } } }"
)

# -- drivers
REGISTER_DRIVER = Operation(
    "registerDriver", "mutation($vehicle: Vehicle!) { registerDriver(vehicle: $vehicle) { id } }"
)
GO_ON_DUTY = Operation(
    "goOnDuty",
    "mutation($position: PositionInput!, $until: AWSDateTime) { goOnDuty(position: $position, until: $until) { id } }",
)
GO_OFF_DUTY = Operation("goOffDuty", "mutation { goOffDuty { id } }")
REPORT_LOCATIONS = Operation(
    "reportLocations",
    "mutation($positions: [LocationInput!]!) { reportLocations(positions: $positions) "
    "{ tooSoon nextReportInSeconds } }",
)
MY_OFFERS = Operation(
    "myOffers", "query { myOffers { edges { node { id offer { id expiresAt } trip { deliveryIds } } } } }"
)
MY_DELIVERIES = Operation(
    "myDeliveries",
    """query {
      myDeliveries {
        edges { node { id state assignedAt pickup { lat lng } dropoff { lat lng } trip { id deliveryIds } } }
      }
    }""",
)
ACCEPT_OFFER = Operation(
    "acceptOffer",
    "mutation($offerId: ID!, $ids: [ID!]!) { acceptOffer(offerId: $offerId, deliveryIds: $ids) { offerId } }",
)
DECLINE_OFFER = Operation(
    "declineOffer",
    "mutation($offerId: ID!, $ids: [ID!]!) { declineOffer(offerId: $offerId, deliveryIds: $ids) { offerId } }",
)
DROP_OUT = Operation("dropOut", "mutation($id: ID!) { dropOut(deliveryId: $id) { deliveryId } }")
ARRIVE = Operation("arrive", "mutation($id: ID!, $stop: Stop!) { arrive(deliveryId: $id, stop: $stop) { id } }")
PICK_UP = Operation("pickUp", "mutation($id: ID!) { pickUp(deliveryId: $id) { id } }")
DELIVER = Operation(
    "deliver", "mutation($id: ID!, $proof: ProofInput!) { deliver(deliveryId: $id, proof: $proof) { deliveryId } }"
)
START_RETURN = Operation(
    "startReturn",
    "mutation($id: ID!, $reason: ReturnReason!) { startReturn(deliveryId: $id, reason: $reason) { id } }",
)
RETURNED = Operation("returned", "mutation($id: ID!) { returned(deliveryId: $id) { deliveryId } }")

# -- operators
DELIVERIES = Operation(
    "deliveries",
    """query($after: String) {
      deliveries(first: 100, after: $after) {
        edges { node { id state driverId delayedAt offer { id driverId } } }
        pageInfo { endCursor hasNextPage }
      }
    }""",
)
DRIVERS = Operation(
    "drivers",
    """query($after: String) {
      drivers(first: 100, after: $after) {
        edges { node { id state } }
        pageInfo { endCursor hasNextPage }
      }
    }""",
)

ALL = tuple(value for value in list(globals().values()) if isinstance(value, Operation))
