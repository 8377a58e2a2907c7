import { util } from '@aws-appsync/utils';

/** The key of a delivery's row. */
export function deliveryKey(id) {
  return util.dynamodb.toMapValues({ pk: `DELIVERY#${id}`, sk: 'DELIVERY' });
}

/** The key of a driver's row. */
export function driverKey(id) {
  return util.dynamodb.toMapValues({ pk: `DRIVER#${id}`, sk: 'DRIVER' });
}
