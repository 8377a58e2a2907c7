/** What a page says, in the reader's language. `messages/<language>.json` has every text; English decides which. */
import type english from '../../messages/en.json';

export type Key = keyof typeof english;
export type Language = 'en' | 'es';

export const LANGUAGES: Record<Language, string> = { en: 'English', es: 'Español' };

const CHOSEN = 'delivery.language';
const FILES: Record<Language, () => Promise<{ default: Record<Key, string> }>> = {
  en: () => import('../../messages/en.json'),
  es: () => import('../../messages/es.json'),
};

let language: Language = 'en';
let region = 'en'; // whose way to write times and amounts: the reader's own, if it is of that language
let texts: Record<Key, string>;

/** Comes before anything is shown. */
export async function readMessages(): Promise<void> {
  const wanted = [localStorage.getItem(CHOSEN), ...navigator.languages].map((each) => each?.slice(0, 2));
  language = (wanted.find((each) => each && each in LANGUAGES) as Language | undefined) ?? 'en';
  texts = (await FILES[language]()).default;
  region = navigator.languages.find((each) => each.startsWith(language)) ?? language;
  document.documentElement.lang = language;
}

export function currentLanguage(): Language {
  return language;
}

export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(CHOSEN, chosen);
  location.reload();
}

/** The text with its {places} filled in. */
export function say(key: Key, places: Record<string, string | number> = {}): string {
  return texts[key].replace(/\{(\w+)\}/g, (_, place: string) => String(places[place] ?? ''));
}

/** The text for a value of the API, such as `status.PICKED_UP`; the value itself when it is newer than this page. */
export function sayValue(kind: 'status' | 'state' | 'driver' | 'event' | 'reason' | 'refusal', value: string): string {
  const key = `${kind}.${value}`;
  return key in texts ? texts[key as Key] : value.toLowerCase().replaceAll('_', ' ');
}

export function clock(at: string | number | Date): string {
  return new Intl.DateTimeFormat(region, { hour: 'numeric', minute: '2-digit' }).format(new Date(at));
}

/** The time of day, and of which day unless that is today's. */
export function moment(at: string | number | Date, now: Date = new Date()): string {
  const then = new Date(at);
  if (then.toDateString() === now.toDateString()) {
    return clock(then);
  }
  return new Intl.DateTimeFormat(region, { weekday: 'long', hour: 'numeric', minute: '2-digit' }).format(then);
}

/** `amount` in minor units. */
export function money({ amount, currency }: { amount: number; currency: string }): string {
  const format = new Intl.NumberFormat(region, { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

export function distance(metres: number): string {
  const far = metres >= 950;
  return new Intl.NumberFormat(region, {
    style: 'unit',
    unit: far ? 'kilometer' : 'meter',
    maximumFractionDigits: far ? 1 : 0,
  }).format(far ? metres / 1000 : Math.round(metres / 10) * 10);
}

/** Minutes when there are any, else seconds. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [amount, unit] = whole >= 90 ? [Math.round(whole / 60), 'minute'] : [whole, 'second'];
  return new Intl.NumberFormat(region, { style: 'unit', unit: String(unit), unitDisplay: 'short' }).format(Number(amount));
}
