import { extensions } from '@aws-appsync/utils';

export function request(ctx) {
  return { payload: ctx.args.input };
}

export function response(ctx) {
  const { orderId, pickedUp, ended, formerDriverId } = ctx.result;
  const payload = { orderId, pickedUp, ended, formerDriverId: formerDriverId ?? '' };
  extensions.invalidateSubscriptions({ subscriptionField: 'onDriverMoved', payload });
  if (ended) {
    extensions.invalidateSubscriptions({ subscriptionField: 'onSharedTrackingChanged', payload });
  }
  return ctx.result;
}
