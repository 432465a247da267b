// Bar lengths and how the history of a chart becomes live bars.

import { clock, type Candle, type LiveBar } from '@robotrader/client';
import { num } from '../../live/lookups';

export const barLengths = [
  { value: '5s', seconds: 5 },
  { value: '1m', seconds: 60 },
  { value: '5m', seconds: 300 },
  { value: '15m', seconds: 900 },
  { value: '1h', seconds: 3600 },
  { value: '1d', seconds: 86_400 },
] as const;
export type BarLength = (typeof barLengths)[number]['value'];

export function secondsOf(bar: BarLength): number {
  return barLengths.find((entry) => entry.value === bar)?.seconds ?? 60;
}

export function toLiveBars(candles: readonly Candle[]): LiveBar[] {
  return candles.map((candle) => ({
    atMs: Date.parse(candle.at),
    open: num(candle.open),
    high: num(candle.high),
    low: num(candle.low),
    close: num(candle.close),
    volume: num(candle.volume),
    vwap: num(candle.vwap),
  }));
}

/** The chart library knows no time zones: an instant is moved so that its UTC clock shows the session's wall clock. */
export function chartTime(atMs: number, zone: string): number {
  return Math.floor((atMs + clock.zoneOffset(atMs, zone)) / 1000);
}

/** The bar that holds an instant: marks stand on bars, not between them. */
export function barStart(atMs: number, bars: readonly LiveBar[]): number | null {
  let low = 0;
  let high = bars.length - 1;
  let found = -1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((bars[middle] as LiveBar).atMs <= atMs) {
      found = middle;
      low = middle + 1;
    } else high = middle - 1;
  }
  return found < 0 ? null : (bars[found] as LiveBar).atMs;
}

/** Volume-weighted price of the session so far, bar by bar; it starts anew with each day of the chart's clock. */
export function sessionVwap(bars: readonly LiveBar[], zone: string): number[] {
  const values: number[] = [];
  let day = -1;
  let volume = 0;
  let turnover = 0;
  for (const bar of bars) {
    const today = Math.floor(chartTime(bar.atMs, zone) / 86_400);
    if (today !== day) {
      day = today;
      volume = 0;
      turnover = 0;
    }
    if (Number.isFinite(bar.vwap) && bar.volume > 0) {
      volume += bar.volume;
      turnover += bar.vwap * bar.volume;
    }
    values.push(volume > 0 ? turnover / volume : NaN);
  }
  return values;
}
