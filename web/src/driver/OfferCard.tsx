/** One offer, of a trip with one order or several: how far, for what, how long it stands, yes or no. */
import { useState } from 'preact/hooks';
import { useNow } from '../platform/hooks';
import { distance, duration, money, say } from '../platform/messages';
import type { Take } from './use_actions';
import type { Offered } from './use_work';

interface Props {
  offer: Offered;
  /** Something is carried: it is the trip after that. */
  next: boolean;
  take: Take;
}

export function OfferCard({ offer: { offer, trip }, next, take }: Props) {
  const [whole] = useState(() => Math.max(1, Date.parse(offer.expiresAt) - Date.now()));
  const left = Date.parse(offer.expiresAt) - useNow(200);
  const variables = { offerId: offer.id, deliveryIds: trip.deliveryIds };
  if (left <= 0) {
    return <p class="card empty" role="status">{say('offer.gone')}</p>;
  }
  const title = say(next ? 'offer.next' : 'offer.title');
  return (
    <section class="card offer" aria-labelledby="offer">
      <h2 id="offer">{title}</h2>
      <p class="visually-hidden" role="alert">{title}</p>
      <progress value={left} max={whole} aria-label={say('offer.left')}>{duration(left / 1000)}</progress>
      <p class="left" aria-hidden="true">{duration(left / 1000)}</p>
      <dl class="figures">
        <div><dt>{say('offer.toPickup')}</dt><dd>{distance(offer.toPickupMetres)}</dd></div>
        <div><dt>{say('offer.toDropoff')}</dt><dd>{distance(offer.toDropoffMetres)}</dd></div>
        <div><dt>{say('offer.orders')}</dt><dd>{trip.deliveryIds.length}</dd></div>
        <div><dt>{say('offer.pay')}</dt><dd>{money(trip.pay)}</dd></div>
      </dl>
      <button type="button" class="main big" onClick={() => void take('ACCEPT_OFFER', variables)}>{say('offer.accept')}</button>
      <button type="button" class="quiet" onClick={() => void take('DECLINE_OFFER', variables)}>{say('offer.decline')}</button>
    </section>
  );
}
