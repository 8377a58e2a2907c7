import { util } from '@aws-appsync/utils';
import { callerId, causedBy } from '../../../infra/resolvers/caller.js';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { countedFrom, driverKey } from './_driver.js';
import { compress, fixesOf, instant, latestOf } from './_report.js';

const WATCHED_SECONDS = 5;
const CARRYING_SECONDS = 30;
const WAITING_SECONDS = 60;

/** The whole batch is one write on the caller's own row, which keeps the latest report and no other. */
export function request(ctx) {
  const fixes = fixesOf(ctx.args.positions);
  const latest = latestOf(fixes);
  const optional = measured({ heading: latest.heading, speed: latest.speed });
  return {
    operation: 'UpdateItem',
    key: driverKey(callerId(ctx)),
    update: {
      expression:
        'SET driver_id = :driver_id, lat = :lat, lng = :lng, #at = :at, reported = :reported, ' +
        '#sequence = if_not_exists(#sequence, :start) + :one, occurred_at = :now, caused_by = :caused_by' +
        optional.expression,
      expressionNames: { '#at': 'at', '#sequence': 'sequence' },
      expressionValues: util.dynamodb.toMapValues({
        ':driver_id': callerId(ctx),
        ':lat': latest.lat,
        ':lng': latest.lng,
        ':at': instant(latest.ms),
        ':reported': compress(fixes, latest),
        ':start': countedFrom(),
        ':one': 1,
        ':now': instant(util.time.nowEpochMilliSeconds()),
        ':caused_by': causedBy(ctx),
        ...optional.values,
      }),
    },
    // Batches can come late or twice; a driver never moves backwards.
    condition: {
      expression: 'attribute_not_exists(#at) OR #at < :at',
      expressionNames: { '#at': 'at' },
      expressionValues: util.dynamodb.toMapValues({ ':at': instant(latest.ms) }),
    },
  };
}

/** Clauses that set what was measured and remove what was not. */
function measured(readings) {
  const known = Object.keys(readings).filter((name) => readings[name] !== null && readings[name] !== undefined);
  const unknown = Object.keys(readings).filter((name) => !known.includes(name));
  const values = {};
  for (const name of known) {
    values[`:${name}`] = readings[name];
  }
  const sets = known.map((name) => `, ${name} = :${name}`).join('');
  return { expression: sets + (unknown.length > 0 ? ` REMOVE ${unknown.join(', ')}` : ''), values };
}

/** A report that is not the newest is done with, too: an error would make the phone send it again. */
export function response(ctx) {
  const outdated = ctx.error && ctx.error.type === 'DynamoDB:ConditionalCheckFailedException';
  if (!outdated) {
    rethrow(ctx, { what: 'Driver' });
  }
  return { accepted: !outdated, nextReportInSeconds: interval(ctx.result ?? {}) };
}

/** Somebody who looks at a map sees five seconds; whoever asks now and then does not see thirty. */
function interval(row) {
  const stops = Object.keys(row).filter((name) => name.startsWith('stop#'));
  const now = util.time.nowISO8601();
  if (stops.some((name) => (row[name].watched_until ?? '') > now)) {
    return WATCHED_SECONDS;
  }
  return stops.length > 0 ? CARRYING_SECONDS : WAITING_SECONDS;
}
