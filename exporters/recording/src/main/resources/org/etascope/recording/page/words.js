/* Words for numbers, and the small things that every part of the page is made of. */

export const SPACE = '\u00a0';
export const UNKNOWN = '\u2013';

export const byId = (id) => document.getElementById(id);
/** What a token is called in a run: some train on examples. */
export const unitOf = (run) => run.unit || 'token';

export const known = (x) => typeof x === 'number' && Number.isFinite(x);
export const plain = (label) => label.replaceAll('_', ' ');

export function fixed(x, decimals) {
  return known(x) ? x.toFixed(decimals).replace('-', '\u2212') : UNKNOWN;
}

/** Three significant digits, so that a figure keeps its width. */
export function significant(x, digits = 3) {
  if (!known(x)) return UNKNOWN;
  if (x === 0) return '0';
  const size = Math.floor(Math.log10(Math.abs(x)));
  return size < -3 || size > 6 ? scientific(x, digits) : fixed(x, Math.min(8, Math.max(0, digits - 1 - size)));
}

const SUPERSCRIPTS = { '-': '\u207b', 0: '\u2070', 1: '\u00b9', 2: '\u00b2', 3: '\u00b3', 4: '\u2074', 5: '\u2075', 6: '\u2076', 7: '\u2077', 8: '\u2078', 9: '\u2079' };

export const powerOfTen = (exponent) => '10' + String(exponent).replace(/./g, (c) => SUPERSCRIPTS[c]);

export function scientific(x, digits = 3) {
  if (!known(x)) return UNKNOWN;
  if (x === 0) return '0';
  const [mantissa, exponent] = x.toExponential(digits - 1).split('e');
  return mantissa.replace('-', '\u2212') + SPACE + '\u00d7' + SPACE + powerOfTen(Number(exponent));
}

const PREFIXES = [[1e15, 'P'], [1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']];

/** 10,255,073,280 is 10.3 G. */
export function amount(x, digits = 3) {
  if (!known(x)) return UNKNOWN;
  const prefix = PREFIXES.find(([size]) => Math.abs(x) >= size * (1 - 0.5 / 10 ** digits));
  if (prefix) return significant(x / prefix[0], digits) + SPACE + prefix[1];
  return Number.isInteger(x) ? String(x) : significant(x, digits);
}

export const exact = (x) => (known(x) ? x.toLocaleString('en-US', { maximumFractionDigits: 20 }) : UNKNOWN);

/** Decimals grow until the error shows. */
export const decimalsFor = (error) => (error > 0 ? Math.min(6, Math.max(2, Math.ceil(-Math.log10(error)))) : 3);

export function plusMinus(x, error, decimals = decimalsFor(error)) {
  return known(error) && known(x) ? fixed(x, decimals) + SPACE + '\u00b1' + SPACE + fixed(error, decimals) : fixed(x, decimals);
}

export function duration(seconds) {
  if (!known(seconds)) return UNKNOWN;
  const s = Math.max(0, Math.round(seconds));
  const two = (x) => String(x).padStart(2, '0');
  if (s < 60) return s + SPACE + 's';
  if (s < 3600) return Math.floor(s / 60) + SPACE + 'min' + SPACE + two(s % 60) + SPACE + 's';
  if (s < 86400) return Math.floor(s / 3600) + SPACE + 'h' + SPACE + two(Math.floor(s / 60) % 60) + SPACE + 'min';
  return Math.floor(s / 86400) + SPACE + 'd' + SPACE + two(Math.floor(s / 3600) % 24) + SPACE + 'h';
}

/** Below a second with its digits: 28.4 ms. */
export function shortTime(seconds) {
  if (!known(seconds)) return UNKNOWN;
  return seconds < 1 ? significant(seconds * 1e3) + SPACE + 'ms' : seconds < 60 ? significant(seconds) + SPACE + 's' : duration(seconds);
}

/** The time of a day that is today, else with its date. */
export function clock(seconds) {
  if (!known(seconds)) return UNKNOWN;
  const date = new Date(seconds * 1000);
  const time = date.toTimeString().slice(0, 8);
  return date.toDateString() === new Date().toDateString() ? time : date.toLocaleDateString('en-CA') + ' ' + time;
}

/** Cut in the middle, since names often differ only at their ends: "char-lm-wid\u2026-seed-3". */
export function shorten(text, length) {
  const characters = [...text];
  if (characters.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  return characters.slice(0, head).join('') + '\u2026' + characters.slice(characters.length - (length - 1 - head)).join('');
}

/** A run's name, isolated from the direction of the text around it, with all of it in its title. */
export function nameOf(run, length = 200) {
  const name = make('bdi', shorten(run, length), 'name');
  name.title = run;
  return name;
}

export function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

/** Touches the document only where something changed, so that what is selected or focused stays so. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows a figure; the full number goes along, for copying and for tests. */
export function figure(element, text, value) {
  setText(element, text);
  if (known(value)) element.dataset.value = String(value);
  else delete element.dataset.value;
}

/**
 * Makes the children of an element those of a list, one for each key: what is there stays the same element and is only
 * filled anew.
 */
export function keyed(parent, list, key, create, fill) {
  const before = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  list.forEach((item, i) => {
    const name = String(key(item));
    let child = before.get(name);
    if (child) before.delete(name);
    else {
      child = create(item);
      child.dataset.key = name;
    }
    fill(child, item);
    if (parent.children[i] !== child) parent.insertBefore(child, parent.children[i] || null);
  });
  before.forEach((child) => child.remove());
}
