// How the desk writes numbers. One place, so that the same figure looks the same on every panel.

export const MINUS = '\u2212';
export const MISSING = '\u2014';

type Maybe = number | null | undefined;

const grouped = new Map<string, Intl.NumberFormat>();

function group(value: number, least: number, most: number): string {
  const key = `${least}:${most}`;
  let formatter = grouped.get(key);
  if (!formatter) {
    formatter = new Intl.NumberFormat('en-US', { minimumFractionDigits: least, maximumFractionDigits: most });
    grouped.set(key, formatter);
  }
  return formatter.format(Math.abs(value));
}

function known(value: Maybe): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** True when `text` (already rounded) shows nothing but zeros, so that it must not carry a sign. */
function showsZero(text: string): boolean {
  return !/[1-9]/.test(text);
}

function withMinus(value: number, text: string): string {
  return value < 0 && !showsZero(text) ? MINUS + text : text;
}

function withSign(value: number, text: string): string {
  if (showsZero(text)) return text;
  return (value < 0 ? MINUS : '+') + text;
}

/** Decimals that a tick size needs: 0.01 gives 2, 0.005 gives 3, 0.25 gives 2, 1 gives 0. */
export function decimalsOfTick(tick: number): number {
  if (!(tick > 0)) return 2;
  for (let places = 0; places < 9; places++) {
    const scaled = tick * 10 ** places;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6) return places;
  }
  return 9;
}

export function price(value: Maybe, decimals = 2): string {
  return known(value) ? withMinus(value, group(value, decimals, decimals)) : MISSING;
}

/** How many times the usual: one place, two below ten percent. */
export function ratio(value: Maybe): string {
  return known(value) ? group(value, value < 0.1 ? 2 : 1, value < 0.1 ? 2 : 1) : MISSING;
}

/** A price split after the decimals of its tick; `tail` holds the one sub-penny digit that is drawn dimmer. */
export function priceParts(value: Maybe, decimals = 2): { head: string; tail: string } {
  if (!known(value)) return { head: MISSING, tail: '' };
  const full = group(value, decimals, decimals + 1);
  const point = full.indexOf('.');
  const cut = decimals === 0 ? (point < 0 ? full.length : point) : point + 1 + decimals;
  return { head: (value < 0 ? MINUS : '') + full.slice(0, cut), tail: full.slice(cut) };
}

/** A change of price: a sign always, decimals of the tick. */
export function change(value: Maybe, decimals = 2): string {
  return known(value) ? withSign(value, group(value, decimals, decimals)) : MISSING;
}

export function quantity(value: Maybe): string {
  return known(value) ? withMinus(value, group(value, 0, 4)) : MISSING;
}

/** Integers of a chart axis or a depth total: 950, 13K, 1.2M. */
export function compact(value: Maybe): string {
  if (!known(value)) return MISSING;
  const size = Math.abs(value);
  if (size < 100) return withMinus(value, group(value, 0, 2));
  if (size < 1000) return withMinus(value, group(value, 0, 0));
  if (size < 1e6) return withMinus(value, group(value / 1e3, 0, size < 1e4 ? 1 : 0)) + 'K';
  return withMinus(value, group(value / 1e6, 0, size < 1e7 ? 1 : 0)) + 'M';
}

/** An amount of money without a plus: balances, values. */
export function money(value: Maybe, decimals?: number): string {
  if (!known(value)) return MISSING;
  const places = decimals ?? 2;
  return withMinus(value, group(value, places, places));
}

/** Profit or loss: a sign always, no decimals from one million up. Zero is `0.00`. */
export function pnl(value: Maybe): string {
  if (!known(value)) return MISSING;
  const places = Math.abs(value) >= 1e6 ? 0 : 2;
  return withSign(value, group(value, places, places));
}

export function pnlShort(value: Maybe): string {
  return known(value) ? withSign(value, group(value, 0, 0)) : MISSING;
}

/** Percentages travel as percent, not as fractions: 47.4 is `47.4 %`. */
export function percent(value: Maybe, decimals = 1): string {
  return known(value) ? withMinus(value, group(value, decimals, decimals)) + ' %' : MISSING;
}

export function signedPercent(value: Maybe, decimals = 2): string {
  return known(value) ? withSign(value, group(value, decimals, decimals)) + ' %' : MISSING;
}

/** Basis points, plus is good for us. */
export function basisPoints(bp: Maybe): string {
  return known(bp) ? withSign(bp, group(bp, 1, 1)) + ' bp' : MISSING;
}

/** Age of data: `0.2 s` below ten seconds, `41 s` below a hundred, then `6:35`, `2 h`, `3 d`. */
export function age(seconds: Maybe): string {
  if (!known(seconds)) return MISSING;
  const s = Math.max(0, seconds);
  if (s < 9.95) return `${s.toFixed(1)} s`;
  if (s < 100) return `${Math.round(s)} s`;
  if (s < 3600) return `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, '0')}`;
  if (s < 86400) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86400)} d`;
}

/** A latency in nanoseconds: `480 ns`, `6.8 µs`, `38 ms`, `1.2 s`. */
export function latency(ns: Maybe): string {
  if (!known(ns)) return MISSING;
  const { value, unit } = latencyParts(ns);
  return `${value} ${unit}`;
}

export function latencyParts(ns: number): { value: string; unit: string } {
  const pick = (v: number): string => (v < 10 ? v.toFixed(1) : String(Math.round(v)));
  if (ns < 1e3) return { value: String(Math.round(ns)), unit: 'ns' };
  if (ns < 1e6) return { value: pick(ns / 1e3), unit: 'µs' };
  if (ns < 1e9) return { value: pick(ns / 1e6), unit: 'ms' };
  return { value: pick(ns / 1e9), unit: 's' };
}

/** Two latencies over one unit when they share it: `6.8 · 24 µs`. */
export function latencyPair(p50: Maybe, p99: Maybe): string {
  if (!known(p50) || !known(p99)) return `${MISSING} · ${MISSING}`;
  const a = latencyParts(p50);
  const b = latencyParts(p99);
  return a.unit === b.unit ? `${a.value} · ${b.value} ${b.unit}` : `${a.value} ${a.unit} · ${b.value} ${b.unit}`;
}

/** A countdown `h:mm:ss`. */
export function countdown(seconds: Maybe): string {
  if (!known(seconds)) return MISSING;
  const s = Math.max(0, Math.floor(seconds));
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${Math.floor(s / 3600)}:${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`;
}

/** Long ids: the first eight and the last four. */
export function shortId(id: string): string {
  return id.length <= 13 ? id : `${id.slice(0, 8)}\u2026${id.slice(-4)}`;
}

/** An account number with its middle hidden: DU1234417 is `DU•••417`. */
export function maskAccount(account: string): string {
  if (account.length <= 5) return account;
  const head = /^[A-Za-z]*/.exec(account)?.[0] ?? '';
  const tail = account.slice(-3);
  return `${head}\u2022\u2022\u2022${tail}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${quantity(count)} ${count === 1 ? one : many}`;
}

/** `up` for a gain, `down` for a loss, `flat` where the rounded figure is zero. */
export function direction(value: Maybe, decimals = 2): 'up' | 'down' | 'flat' {
  if (!known(value)) return 'flat';
  const rounded = Math.round(Math.abs(value) * 10 ** decimals);
  if (rounded === 0) return 'flat';
  return value < 0 ? 'down' : 'up';
}
