import type { OrderLine } from '../api/types';

/** price: minor units of the merchant's currency. */
export interface Dish {
  name: string;
  price: number;
}

/** How many of each dish, by name. */
export type Basket = Record<string, number>;

export const MOST_OF_ONE = 20;

export function linesOf(basket: Basket, dishes: Dish[]): OrderLine[] {
  return dishes
    .filter(({ name }) => basket[name])
    .map(({ name, price }) => ({ name, quantity: basket[name] ?? 0, unitAmount: price }));
}

export function totalOf(lines: OrderLine[]): number {
  return lines.reduce((sum, { quantity, unitAmount }) => sum + quantity * unitAmount, 0);
}
