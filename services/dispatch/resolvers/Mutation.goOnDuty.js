import { util } from '@aws-appsync/utils';
import { checkPosition, momentOf } from '../../../infra/resolvers/checks.js';
import { invalid } from '../../../infra/resolvers/errors.js';
import { changeDuty, changedDuty } from './_duty.js';

export function request(ctx) {
  const { position, until } = ctx.args;
  checkPosition('position', position);
  const ends = until ? endOf(until) : null;
  return changeDuty(ctx, {
    trigger: 'goOnDuty',
    to: true,
    set: `, #position = :position${ends ? ', shift_ends_at = :until' : ''}`,
    // Zone and end of the last shift are not this one's; the outbox finds the zone.
    more: `REMOVE zone_key, #zone${ends ? '' : ', shift_ends_at'}`,
    values: { ':position': { lat: position.lat, lng: position.lng }, ...(ends ? { ':until': ends } : {}) },
  });
}

/** In UTC. A shift that has ended already would get nothing, and nobody would know why. */
function endOf(until) {
  const ms = momentOf('until', until);
  if (ms <= util.time.nowEpochMilliSeconds()) {
    invalid(`until is ${until}; right is a moment to come, or none`);
  }
  return util.time.epochMilliSecondsToISO8601(ms);
}

export function response(ctx) {
  return changedDuty(ctx);
}
