import { computed, signal } from '@preact/signals';
import ko from './ko.js';
import en from './en.js';

/** Every text of the page, by language. A further language is a file beside these and a line here. */
export const LANGUAGES = { ko, en };

function preferred() {
  const saved = localStorage.getItem('tokapu.language');
  if (saved && LANGUAGES[saved]) return saved;
  for (const wish of navigator.languages ?? []) {
    const code = wish.slice(0, 2).toLowerCase();
    if (LANGUAGES[code]) return code;
  }
  return 'en';
}

export const language = signal(preferred());
language.subscribe((code) => {
  document.documentElement.lang = code;
  document.title = LANGUAGES[code].title;
});

export function setLanguage(code) {
  localStorage.setItem('tokapu.language', code);
  language.value = code;
}

/** The text of a key; `{name}` is replaced from `values`. */
export function t(key, values) {
  const text = LANGUAGES[language.value][key] ?? en[key] ?? key;
  return values ? text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all) : text;
}

const formats = computed(() => ({
  number: new Intl.NumberFormat(language.value),
  compact: new Intl.NumberFormat(language.value, { notation: 'compact', maximumFractionDigits: 1 }),
  day: new Intl.DateTimeFormat(language.value, { month: 'short', day: 'numeric' }),
  time: new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'short' }),
}));

export const number = (n) => formats.value.number.format(n);
export const compact = (n) => formats.value.compact.format(n);
export const day = (ms) => formats.value.day.format(ms);
export const dateTime = (ms) => formats.value.time.format(ms);

/** A probability as people read it: no `0 %` for what can happen. */
export function percent(p) {
  if (p > 0 && p < 0.001) return '< 0.1%';
  const digits = p < 0.1 ? 1 : 0;
  return `${(p * 100).toFixed(digits)}%`;
}

export function money(amount, currency) {
  try {
    return new Intl.NumberFormat(language.value, {
      style: 'currency', currency, maximumSignificantDigits: amount && Math.abs(amount) < 1 ? 2 : undefined,
    }).format(amount);
  } catch {
    return `${amount} ${currency}`;
  }
}
