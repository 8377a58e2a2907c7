/** What the customer's page asks of the API. tests/web/ holds every document against the schema. */

export const MERCHANTS = /* GraphQL */ `
  query Merchants($after: String) {
    merchants(first: 100, after: $after) {
      edges { node { id name place { lat lng } currency deliveryRadiusMetres } }
      pageInfo { endCursor hasNextPage }
    }
  }
`;

export const MY_ORDERS = /* GraphQL */ `
  query MyOrders {
    myOrders(first: 20) {
      edges {
        node {
          id merchantId merchant { name } status reason lines { name quantity unitAmount } total { amount currency }
          dropoff { lat lng } address placedAt cancelRequestedAt
        }
      }
      pageInfo { endCursor hasNextPage }
    }
  }
`;

export const WATCH_ORDER = /* GraphQL */ `
  query WatchOrder($id: ID!) {
    order(id: $id) {
      id merchantId merchant { name } status reason lines { name quantity unitAmount } total { amount currency }
      dropoff { lat lng } address placedAt promisedAt cancelRequestedAt delayedAt handoverPin
    }
    tracking(orderId: $id) {
      orderId status reason pickup { lat lng } dropoff { lat lng } position { lat lng at heading }
      expectedReadyAt expectedPickupAt expectedDropoffAt deliveredAt timeline { id type reason at } sequence
    }
  }
`;

export const CREATE_ORDER = /* GraphQL */ `
  mutation CreateOrder($input: CreateOrderInput!) { createOrder(input: $input) { id } }
`;

export const CANCEL_ORDER = /* GraphQL */ `
  mutation CancelOrder($id: ID!) { cancelOrder(orderId: $id) { id } }
`;

export const KEEP_WAITING = /* GraphQL */ `
  mutation KeepWaiting($id: ID!) { keepWaiting(orderId: $id) { orderId } }
`;

export const SHARE_TRACKING = /* GraphQL */ `
  mutation ShareTracking($id: ID!) { shareTracking(orderId: $id) { token expiresAt } }
`;

export const MY_CONTACT = /* GraphQL */ `
  query MyContact { myContact { phone locale sms push optedOut } }
`;

export const SET_MY_CONTACT = /* GraphQL */ `
  mutation SetMyContact($phone: String!, $locale: String!) {
    setMyContact(phone: $phone, locale: $locale) { phone locale sms push optedOut }
  }
`;

export const SET_MY_PREFERENCES = /* GraphQL */ `
  mutation SetMyPreferences($channels: ChannelsInput!) {
    setMyPreferences(channels: $channels) { phone locale sms push optedOut }
  }
`;

export const OPT_OUT = /* GraphQL */ `
  mutation OptOut($channels: [AlertChannel!]!) { optOut(channels: $channels) { phone locale sms push optedOut } }
`;

export const ON_MY_ORDERS = /* GraphQL */ `
  subscription OnMyOrders($customerId: ID) {
    onOrderStatusChanged(customerId: $customerId) { orderId status at sequence }
  }
`;

export const ON_DRIVER_MOVED = /* GraphQL */ `
  subscription OnDriverMoved($orderId: ID!) {
    onDriverMoved(orderId: $orderId) {
      position { lat lng } heading at expectedArrivalAt path { lat lng beforeMs } sequence
    }
  }
`;
