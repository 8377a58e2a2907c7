import { util } from '@aws-appsync/utils';
import { callerId, causedBy } from '../../../infra/resolvers/caller.js';
import { rethrow } from '../../../infra/resolvers/errors.js';
import { countedFrom, driverKey, stopsOf } from './_driver.js';
import { compress, fixesOf, instant, latestOf } from './_report.js';

const WATCHED_SECONDS = 5;
const CARRYING_SECONDS = 30;
const WAITING_SECONDS = 60;
// How far apart a driver's reports are at least: who watches is told once a second at most. As in coalescing.py.
const APART_MS = 1500;
const AGAIN_SECONDS = 2;

/** The whole batch is one write on the caller's own row, which keeps the latest report and no other. */
export function request(ctx) {
  const fixes = fixesOf(ctx.args.positions);
  const latest = latestOf(fixes);
  const now = util.time.nowEpochMilliSeconds();
  ctx.stash.at = instant(latest.ms);
  const optional = measured({ heading: latest.heading, speed: latest.speed });
  return {
    operation: 'UpdateItem',
    key: driverKey(callerId(ctx)),
    update: {
      expression:
        'SET driver_id = :driver_id, lat = :lat, lng = :lng, #at = :at, reported = :reported, reported_at = :now, ' +
        '#sequence = if_not_exists(#sequence, :start) + :one, occurred_at = :now, caused_by = :caused_by' +
        optional.expression,
      expressionNames: { '#at': 'at', '#sequence': 'sequence' },
      expressionValues: util.dynamodb.toMapValues({
        ':driver_id': callerId(ctx),
        ':lat': latest.lat,
        ':lng': latest.lng,
        ':at': ctx.stash.at,
        ':reported': compress(fixes, latest),
        ':start': countedFrom(),
        ':one': 1,
        ':now': instant(now),
        ':caused_by': causedBy(ctx),
        ...optional.values,
      }),
    },
    // Batches can come late or twice; a driver never moves backwards.
    condition: {
      expression:
        '(attribute_not_exists(#at) OR #at < :at) AND (attribute_not_exists(reported_at) OR reported_at <= :before)',
      expressionNames: { '#at': 'at' },
      expressionValues: util.dynamodb.toMapValues({ ':at': ctx.stash.at, ':before': instant(now - APART_MS) }),
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
  const refused = !!ctx.error && ctx.error.type === 'DynamoDB:ConditionalCheckFailedException';
  if (!refused) {
    rethrow(ctx, { what: 'Driver' });
  }
  const row = ctx.result ?? {};
  const tooSoon = refused && row.at < ctx.stash.at;
  return { accepted: !refused, tooSoon, nextReportInSeconds: tooSoon ? AGAIN_SECONDS : interval(row) };
}

/** Somebody who looks at a map sees five seconds; whoever asks now and then does not see thirty. */
function interval(row) {
  const stops = stopsOf(row);
  const now = util.time.nowISO8601();
  if (stops.some((stop) => (stop.watched_until ?? '') > now)) {
    return WATCHED_SECONDS;
  }
  return stops.some((stop) => !stop.arrived) ? CARRYING_SECONDS : WAITING_SECONDS;
}
