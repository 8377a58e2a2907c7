import { util } from '@aws-appsync/utils';
import { callerId } from '../../../infra/resolvers/caller.js';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { toDriver } from './_driver.js';
import { driverKey } from './_rows.js';
import { stepOf } from './_write.js';

/** The first write of a driver's row, or a further one: the only one that needs no row to be there. */
export function request(ctx) {
  return {
    operation: 'UpdateItem',
    key: driverKey(callerId(ctx)),
    update: {
      expression:
        'SET driver_id = :me, vehicle = :vehicle, on_duty = if_not_exists(on_duty, :no), ' +
        'zone_sk = :zone_sk, roster = :roster, roster_key = :me, ' +
        '#sequence = if_not_exists(#sequence, :zero) + :one, ' +
        'occurred_at = :now, caused_by = :caused_by, transition = :transition',
      expressionNames: { '#sequence': 'sequence' },
      expressionValues: util.dynamodb.toMapValues({
        ...stepOf(ctx, 'registerDriver'),
        ':me': callerId(ctx),
        ':vehicle': ctx.args.vehicle,
        ':no': false,
        ':zone_sk': `DRIVER#${callerId(ctx)}`,
        ':roster': 'DRIVERS',
        ':zero': 0,
      }),
    },
  };
}

export function response(ctx) {
  rethrow(ctx, { what: 'Driver' });
  return toDriver(ctx.result);
}
