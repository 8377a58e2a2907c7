import { invalid } from './errors.js';
import { failureQueue, returnsTo } from './failures.js';
import { answerOfAws, askSqs } from './aws.js';

const MISSING = 'ResourceNotFoundException';
// By its reference SQS refuses a second task at the same time with the first; it was seen to say the others.
const REFUSED = ['UnsupportedOperation', 'InvalidParameterValue', 'InvalidParameterValueException'];
const RUNNING = 'already a task running';

export function request(ctx) {
  const name = ctx.args.queue;
  const queue = failureQueue(name);
  if (!queue) {
    invalid(`queue is ${name}; allowed is the name of a failure queue`);
  }
  if (!queue.redrivable) {
    invalid(`${name} goes back by the command: delivery failures redrive ${name}`);
  }
  const arns = ctx.env.QUEUE_ARNS;
  // Not left to SQS: of what a consumer, a rule or a topic put there it does not know where it came from.
  return askSqs('StartMessageMoveTask', { SourceArn: `${arns}${name}`, DestinationArn: `${arns}${returnsTo(name)}` });
}

export function response(ctx) {
  const name = ctx.args.queue;
  const { error, content } = answerOfAws(ctx, [MISSING, ...REFUSED]);
  const goingOn = error === REFUSED[0] || `${content.message ?? ''}`.includes(RUNNING);
  if (error && !goingOn) {
    invalid(`queue is ${name}; there is no such failure queue of a queue`);
  }
  return failureQueue(name);
}
