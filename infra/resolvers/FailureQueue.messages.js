import { answerOfAws, askSqs } from './aws.js';

const COUNT = 'ApproximateNumberOfMessages';
const GONE = 'QueueDoesNotExist'; // SQS lists a queue that was deleted for a minute more

export function request(ctx) {
  return askSqs('GetQueueAttributes', { QueueUrl: `${ctx.env.QUEUE_URLS}${ctx.source.name}`, AttributeNames: [COUNT] });
}

export function response(ctx) {
  const { error, content } = answerOfAws(ctx, [GONE]);
  return error ? 0 : +content.Attributes[COUNT];
}
