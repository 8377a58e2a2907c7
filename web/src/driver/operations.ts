/** What the driver's page asks of the API. */

export const REGISTER_DRIVER = /* GraphQL */ `
  mutation RegisterDriver($vehicle: Vehicle!) { registerDriver(vehicle: $vehicle) { id onDuty } }
`;

export const GO_ON_DUTY = /* GraphQL */ `
  mutation GoOnDuty($position: PositionInput!) { goOnDuty(position: $position) { id onDuty } }
`;

export const GO_OFF_DUTY = /* GraphQL */ `
  mutation GoOffDuty { goOffDuty { id onDuty } }
`;

export const REPORT_LOCATIONS = /* GraphQL */ `
  mutation ReportLocations($positions: [LocationInput!]!) {
    reportLocations(positions: $positions) { accepted tooSoon nextReportInSeconds }
  }
`;

export const MY_WORK = /* GraphQL */ `
  query MyWork {
    myDriver { id onDuty }
    myOffers {
      edges {
        node {
          id pickup { lat lng }
          offer { id driverId expiresAt toPickupMetres toDropoffMetres }
          trip { deliveryIds pay { amount currency } }
        }
      }
      pageInfo { endCursor hasNextPage }
    }
    myDeliveries(first: 100) {
      edges {
        node {
          id state reason merchantId pickup { lat lng } dropoff { lat lng } requestedAt expectedReadyAt readyAt
          assignedAt expectedPickupAt expectedDropoffAt deliveredAt sequence
          trip { id stops { stop deliveryIds } }
          order { merchant { name } address note lines { name quantity } }
        }
      }
      pageInfo { endCursor hasNextPage }
    }
    myDoneDeliveries(first: 40) {
      edges { node { id deliveredAt returnedAt pay { amount currency } } }
      pageInfo { endCursor hasNextPage }
    }
  }
`;

export const MORE_DONE = /* GraphQL */ `
  query MoreDone($after: String!) {
    myDoneDeliveries(first: 40, after: $after) {
      edges { node { id deliveredAt returnedAt pay { amount currency } } }
      pageInfo { endCursor hasNextPage }
    }
  }
`;

export const ACCEPT_OFFER = /* GraphQL */ `
  mutation AcceptOffer($offerId: ID!, $deliveryIds: [ID!]!) {
    acceptOffer(offerId: $offerId, deliveryIds: $deliveryIds) { offerId }
  }
`;

export const DECLINE_OFFER = /* GraphQL */ `
  mutation DeclineOffer($offerId: ID!, $deliveryIds: [ID!]!) {
    declineOffer(offerId: $offerId, deliveryIds: $deliveryIds) { offerId }
  }
`;

export const ARRIVE = /* GraphQL */ `
  mutation Arrive($deliveryId: ID!, $stop: Stop!) { arrive(deliveryId: $deliveryId, stop: $stop) { id } }
`;

export const PICK_UP = /* GraphQL */ `
  mutation PickUp($deliveryId: ID!) { pickUp(deliveryId: $deliveryId) { id } }
`;

export const DELIVER = /* GraphQL */ `
  mutation Deliver($deliveryId: ID!, $proof: ProofInput!) {
    deliver(deliveryId: $deliveryId, proof: $proof) { deliveryId }
  }
`;

export const DROP_OUT = /* GraphQL */ `
  mutation DropOut($deliveryId: ID!) { dropOut(deliveryId: $deliveryId) { deliveryId } }
`;

export const START_RETURN = /* GraphQL */ `
  mutation StartReturn($deliveryId: ID!, $reason: ReturnReason!) {
    startReturn(deliveryId: $deliveryId, reason: $reason) { id }
  }
`;

export const RETURNED = /* GraphQL */ `
  mutation Returned($deliveryId: ID!) { returned(deliveryId: $deliveryId) { deliveryId } }
`;

export const ON_DELIVERY_OFFERED = /* GraphQL */ `
  subscription OnDeliveryOffered($driverId: ID!) {
    onDeliveryOffered(driverId: $driverId) {
      deliveryId offerId kind sequence
    }
  }
`;

export const ON_MY_DELIVERIES = /* GraphQL */ `
  subscription OnMyDeliveries($driverId: ID) {
    onOrderStatusChanged(driverId: $driverId) { orderId status readyAt sequence }
  }
`;
