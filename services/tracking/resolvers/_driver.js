import { util } from '@aws-appsync/utils';

/** The key of a driver's row. */
export function driverKey(id) {
  return util.dynamodb.toMapValues({ pk: `DRIVER#${id}`, sk: 'DRIVER' });
}
