/** What the operator's board asks of the API. */

export const DELIVERIES = /* GraphQL */ `
  query Deliveries($after: String) {
    deliveries(first: 100, after: $after) {
      edges {
        node {
          id state reason merchantId pickup { lat lng } dropoff { lat lng } driverId zone requestedAt
          offer { id driverId expiresAt toPickupMetres toDropoffMetres }
          expectedReadyAt readyAt expectedPickupAt expectedDropoffAt deliveredAt sequence
        }
      }
      pageInfo { endCursor hasNextPage }
    }
  }
`;

export const DRIVERS = /* GraphQL */ `
  query Drivers($after: String) {
    drivers(first: 100, after: $after) {
      edges { node { id state onDuty vehicle position { lat lng } zone deliveryIds sequence positionSequence } }
      pageInfo { endCursor hasNextPage }
    }
  }
`;

export const PENDING_ORDERS = /* GraphQL */ `
  query PendingOrders {
    orders(status: PENDING, first: 50) {
      edges { node { id merchantId placedAt } }
      pageInfo { endCursor hasNextPage }
    }
  }
`;

export const ORDER_CHAIN = /* GraphQL */ `
  query OrderChain($id: ID!) {
    tracking(orderId: $id) {
      orderId status reason pickup { lat lng } dropoff { lat lng } position { lat lng at heading }
      expectedReadyAt expectedPickupAt expectedDropoffAt deliveredAt timeline { id type reason at producer causedBy } sequence
    }
    alerts(orderId: $id, first: 100) {
      edges { node { id eventId audience channel state reason } }
      pageInfo { endCursor hasNextPage }
    }
  }
`;

export const FAILURE_QUEUES = /* GraphQL */ `
  query FailureQueues {
    failureQueues { name messages redrivable }
  }
`;

export const REDRIVE_FAILURES = /* GraphQL */ `
  mutation RedriveFailures($queue: ID!) {
    redriveFailures(queue: $queue) { name }
  }
`;

export const CONSUMERS = /* GraphQL */ `
  query Consumers {
    consumers
  }
`;

export const CONSUMER_REPORTS = /* GraphQL */ `
  query ConsumerReports($consumer: ID!, $orderId: ID!, $since: AWSDateTime!, $until: AWSDateTime!, $after: String) {
    consumerReports(consumer: $consumer, orderId: $orderId, since: $since, until: $until, after: $after) {
      reports {
        at eventId outcome reason partner
        decision { driverId decided deliveries metres leavesWhenFree considered { driverId costsMoreSeconds because } }
      }
      endCursor
    }
  }
`;

export const REASSIGN = /* GraphQL */ `
  mutation Reassign($deliveryId: ID!, $fromDriverId: ID!) {
    reassign(deliveryId: $deliveryId, fromDriverId: $fromDriverId) { deliveryId }
  }
`;

export const UPDATE_ORDER_STATUS = /* GraphQL */ `
  mutation UpdateOrderStatus($orderId: ID!, $status: OperatorOrderStatus!, $expectedReadyAt: AWSDateTime) {
    updateOrderStatus(orderId: $orderId, status: $status, expectedReadyAt: $expectedReadyAt) { id status }
  }
`;

export const ON_FLEET_CHANGED = /* GraphQL */ `
  subscription OnFleetChanged($zone: ID) {
    onFleetChanged(zone: $zone) {
      zone at eventsIn eventsOut
      driver { id state onDuty vehicle position { lat lng } deliveryIds sequence positionSequence }
      delivery {
        id state reason merchantId driverId offeredTo pickup { lat lng } dropoff { lat lng } requestedAt
        expectedReadyAt readyAt expectedPickupAt expectedDropoffAt deliveredAt sequence
      }
    }
  }
`;
