/** What a driver carries as it will be once everything that waits has been sent. */
import type { Action, Name } from './actions';
import type { Carried } from './carried';

const BECOMES: Partial<Record<Name, string>> = {
  PICK_UP: 'PICKED_UP',
  DELIVER: 'DELIVERED',
  DROP_OUT: 'SEARCHING',
  START_RETURN: 'RETURNING',
  RETURNED: 'RETURNED',
};

export function assumed(deliveries: Carried[], waiting: Action[]): Carried[] {
  return deliveries.map((delivery) => {
    const own = waiting.filter(({ variables }) => variables.deliveryId === delivery.id);
    return own.reduce((known, action) => ({ ...known, state: after(known.state, action) }), delivery);
  });
}

function after(state: string, { name, variables }: Action): string {
  if (name === 'ARRIVE') {
    return variables['stop'] === 'PICKUP' ? 'ARRIVED_AT_PICKUP' : 'ARRIVED_AT_DROPOFF';
  }
  return BECOMES[name] ?? state;
}
