import { money, say } from '../platform/messages';
import { type Basket, type Dish, MOST_OF_ONE } from './basket';

interface Props {
  dishes: Dish[];
  currency: string;
  basket: Basket;
  change: (basket: Basket) => void;
}

export function Dishes({ dishes, currency, basket, change }: Props) {
  return (
    <ul class="dishes">
      {dishes.map(({ name, price }) => {
        const count = basket[name] ?? 0;
        const put = (next: number) => change({ ...basket, [name]: Math.min(MOST_OF_ONE, Math.max(0, next)) });
        return (
          <li key={name}>
            <span class="grow">{name}</span>
            <span class="amount">{money({ amount: price, currency })}</span>
            <span class="count">
              <button type="button" disabled={count === 0} aria-label={say('form.less', { dish: name })} onClick={() => put(count - 1)}>−</button>
              <output aria-live="polite">{count}</output>
              <button type="button" aria-label={say('form.more', { dish: name })} onClick={() => put(count + 1)}>+</button>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
