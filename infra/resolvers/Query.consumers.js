import { runtime } from '@aws-appsync/utils';
import { consumers } from './consumers.js';

export function request(ctx) {
  return runtime.earlyReturn(consumers(ctx));
}

export function response(ctx) {
  return ctx.result;
}
