import { util } from '@aws-appsync/utils';

/** A request of one of AWS's JSON protocols: `target` is the service's name for the action, `version` the protocol's. */
export function askAws(target, version, input) {
  return {
    method: 'POST',
    resourcePath: '/',
    params: {
      headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target },
      body: input,
    },
  };
}

/** A request of Amazon SQS. */
export function askSqs(action, input) {
  return askAws(`AmazonSQS.${action}`, '1.0', input);
}

/**
 * The service's answer: its content, and the code of its error, null if there is none. `Internal` is raised when it did
 * not answer, and for every error whose code is not among those that are `expected`.
 */
export function answerOfAws(ctx, expected = []) {
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
