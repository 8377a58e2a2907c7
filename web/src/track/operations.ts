/** What the page of a tracking link asks of the API, with the link's token and no sign-in. */

export const SHARED_TRACKING = /* GraphQL */ `
  query SharedTracking($token: ID!) {
    sharedTracking(token: $token) {
      orderId status reason pickup { lat lng } position { lat lng at heading }
      expectedReadyAt expectedPickupAt expectedDropoffAt deliveredAt timeline { id type reason at } sequence
    }
  }
`;

export const ON_SHARED_TRACKING_CHANGED = /* GraphQL */ `
  subscription OnSharedTrackingChanged($token: ID!) {
    onSharedTrackingChanged(token: $token) {
      sequence position { lat lng at heading } expectedArrivalAt positionSequence
    }
  }
`;
