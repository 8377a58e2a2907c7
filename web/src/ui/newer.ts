/** Of what is known and what is told: the one with the higher sequence, whichever came first. */
export function newer<T extends { sequence: number }>(known: T | null, told: T): T {
  return known && known.sequence >= told.sequence ? known : told;
}
