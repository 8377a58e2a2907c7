import { util } from '@aws-appsync/utils';

// As infra/names.py has them.
const FAILURES = '-failures';
const FAILURE_QUEUE = '^delivery-[a-z0-9-]{1,70}-failures([.]fifo)?$';
// What an outbox or the clock gave up, or the event log, went through no queue. A FIFO queue's messages need new groups.
const BY_COMMAND = '^delivery-([a-z0-9-]+-(outbox|schedule)-failures|event-log-failures|.*[.]fifo)$';

/** A FailureQueue by its name; null if that is no failure queue's. Its `messages` are for a resolver of their own. */
export function failureQueue(name) {
  return util.matches(FAILURE_QUEUE, name) ? { name, redrivable: !util.matches(BY_COMMAND, name) } : null;
}

/** The name of the queue that the messages of a redrivable failure queue return to. */
export function returnsTo(name) {
  return name.slice(0, name.length - FAILURES.length);
}
