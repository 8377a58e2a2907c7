import { util } from '@aws-appsync/utils';
import { checkPosition, momentOf } from '../../../infra/resolvers/checks.js';
import { invalid } from '../../../infra/resolvers/errors.js';

const MOST = 100;
const MOST_SPEED = 100;
// A phone whose clock is ahead would otherwise be the newest for as long as it is ahead.
const AHEAD_MS = 60000;
// A phone may have been out of reach for long, but what it measured the day before yesterday is nowhere to plan with.
const AGE_MS = 24 * 60 * 60 * 1000;
// About 11 metres of latitude: positions nearer to each other than that add nothing to a way.
const APART_DEGREES = 0.0001;

/** The positions of a report with their times in epoch milliseconds, or `Invalid`. */
export function fixesOf(positions) {
  if (positions.length < 1 || positions.length > MOST) {
    invalid(`positions has ${positions.length} entries; allowed are 1 to ${MOST}`);
  }
  const now = util.time.nowEpochMilliSeconds();
  return positions.map((position) => {
    const ms = momentOf('positions.at', position.at);
    check(position);
    if (ms < now - AGE_MS) {
      invalid(`positions.at is ${position.at}; allowed is from ${AGE_MS / 3600000} hours before now`);
    }
    if (ms > now + AHEAD_MS) {
      invalid(`positions.at is ${position.at}; allowed is up to ${AHEAD_MS / 1000} seconds after now`);
    }
    return { ...position, lat: rounded(position.lat), lng: rounded(position.lng), ms };
  });
}

function check(position) {
  checkPosition('positions', position);
  if ((position.heading ?? 0) < 0 || (position.heading ?? 0) > 360) {
    invalid(`positions.heading is ${position.heading}; allowed is 0 to 360 degrees`);
  }
  if ((position.speed ?? 0) < 0 || (position.speed ?? 0) > MOST_SPEED) {
    invalid(`positions.speed is ${position.speed}; allowed is 0 to ${MOST_SPEED} metres per second`);
  }
}

/** Five decimals of a degree are about a metre: better than a phone measures, and half the bytes. */
function rounded(degrees) {
  return Math.round(degrees * 100000) / 100000;
}

export function latestOf(fixes) {
  return fixes.reduce((latest, fix) => (fix.ms > latest.ms ? fix : latest), fixes[0]);
}

/** The way of a report: [milliseconds before the latest, latitude, longitude] of each position that shows movement. */
export function compress(fixes, latest) {
  const kept = [];
  for (const fix of fixes) {
    const last = kept.length > 0 ? kept[kept.length - 1] : null;
    if (!last || fix === latest || isApart(last, fix)) {
      kept.push(fix);
    }
  }
  return kept.map((fix) => [latest.ms - fix.ms, fix.lat, fix.lng]);
}

function isApart(a, b) {
  return Math.abs(a.lat - b.lat) > APART_DEGREES || Math.abs(a.lng - b.lng) > APART_DEGREES;
}

/** RFC 3339 in UTC, always with milliseconds, so that the texts sort as the moments. */
export function instant(ms) {
  const fraction = `${1000 + (ms % 1000)}`.slice(1);
  return `${util.time.epochMilliSecondsToISO8601(ms).slice(0, 19)}.${fraction}Z`;
}
