import { util } from '@aws-appsync/utils';
import { checkId } from '../../../infra/resolvers/checks.js';

/** The key of a delivery's row. */
export function deliveryKey(id) {
  checkId('Delivery', id);
  return util.dynamodb.toMapValues({ pk: `DELIVERY#${id}`, sk: 'DELIVERY' });
}

/** The key of a driver's row. */
export function driverKey(id) {
  checkId('Driver', id);
  return util.dynamodb.toMapValues({ pk: `DRIVER#${id}`, sk: 'DRIVER' });
}
