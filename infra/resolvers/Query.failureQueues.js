import { failureQueue } from './failures.js';
import { answerOfAws, askSqs } from './aws.js';

const MOST = 1000; // that SQS names at once

export function request(ctx) {
  return askSqs('ListQueues', { QueueNamePrefix: 'delivery-', MaxResults: MOST });
}

export function response(ctx) {
  const { content } = answerOfAws(ctx);
  const names = (content.QueueUrls ?? []).map((url) => url.split('/').pop());
  return names
    .sort()
    .map((name) => failureQueue(name))
    .filter((queue) => queue);
}
