import { util } from '@aws-appsync/utils';

/** A request of Amazon SQS's JSON protocol. */
export function askSqs(action, input) {
  return {
    method: 'POST',
    resourcePath: '/',
    params: {
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` },
      body: input,
    },
  };
}

/**
 * SQS's answer: its content, and the code of its error, null if there is none. `Internal` is raised when SQS did not
 * answer, and for every error whose code is not among those that are `expected`.
 */
export function answerOfSqs(ctx, expected = []) {
  if (!ctx.error && ctx.result.statusCode === 200) {
    return { error: null, content: JSON.parse(ctx.result.body) };
  }
  const content = !ctx.error && `${ctx.result.body}`.startsWith('{') ? JSON.parse(ctx.result.body) : {};
  const error = `${content.__type ?? ''}`.split('#').pop();
  if (!expected.includes(error)) {
    util.error('The request could not be carried out; try again', 'Internal');
  }
  return { error, content };
}
