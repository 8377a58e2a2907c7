import { extensions } from '@aws-appsync/utils';

export function request(ctx) {
  return { payload: ctx.args.input };
}

/** Whoever lost an order hears of it as the last thing. */
export function response(ctx) {
  const { orderId, formerDriverId } = ctx.result;
  if (formerDriverId) {
    extensions.invalidateSubscriptions({ subscriptionField: 'onOrderStatusChanged', payload: { orderId, formerDriverId } });
  }
  return ctx.result;
}
