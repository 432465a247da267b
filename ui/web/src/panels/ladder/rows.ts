// Which prices a ladder shows: pure, so that recentring can be tested without a browser.

import type { Level, Order } from '@robotrader/client';

export interface LadderRow {
  price: number;
  bid: Level | null;
  ask: Level | null;
  touch: 'bid' | 'ask' | null;
}

/** `grid`: every tick has a row. `levels`: the book is too wide for its tick, so only prices with size have one. */
export type LadderShape = 'grid' | 'levels';

export function chooseShape(
  bids: readonly Level[],
  asks: readonly Level[],
  tick: number,
  rowCount: number,
  before: LadderShape,
): LadderShape {
  const deep = Math.floor(rowCount / 2);
  const bid = bids[0];
  const ask = asks[0];
  if (!bid || !ask || !(tick > 0)) return before;
  const farBid = bids[Math.min(deep, bids.length) - 1] ?? bid;
  const farAsk = asks[Math.min(deep, asks.length) - 1] ?? ask;
  const ticks = (farAsk.price - farBid.price) / tick;
  // Hysteresis, so that the ladder does not change its shape back and forth under the eye.
  if (before === 'grid') return ticks > rowCount * 4 ? 'levels' : 'grid';
  return ticks < rowCount * 2 ? 'grid' : 'levels';
}

/** Rows from the highest price down, `centre` in the middle. */
export function gridRows(
  bids: readonly Level[],
  asks: readonly Level[],
  tick: number,
  rowCount: number,
  centre: number,
): LadderRow[] {
  const key = (price: number): number => Math.round(price / tick);
  const bidAt = new Map(bids.map((level) => [key(level.price), level]));
  const askAt = new Map(asks.map((level) => [key(level.price), level]));
  const bestBid = bids[0] ? key(bids[0].price) : null;
  const bestAsk = asks[0] ? key(asks[0].price) : null;
  const top = key(centre) + Math.floor(rowCount / 2);
  return Array.from({ length: rowCount }, (_, place) => {
    const at = top - place;
    return {
      price: at * tick,
      bid: bidAt.get(at) ?? null,
      ask: askAt.get(at) ?? null,
      touch: at === bestBid ? 'bid' : at === bestAsk ? 'ask' : null,
    };
  });
}

export function levelRows(bids: readonly Level[], asks: readonly Level[], rowCount: number): LadderRow[] {
  const half = Math.floor(rowCount / 2);
  const rows: LadderRow[] = [];
  for (let place = Math.min(half, asks.length) - 1; place >= 0; place--) {
    const ask = asks[place] as Level;
    rows.push({ price: ask.price, bid: null, ask, touch: place === 0 ? 'ask' : null });
  }
  for (let place = 0; place < bids.length && rows.length < rowCount; place++) {
    const bid = bids[place] as Level;
    rows.push({ price: bid.price, bid, ask: null, touch: place === 0 ? 'bid' : null });
  }
  return rows;
}

/** True when the market has moved so far from the middle that the ladder should follow. */
export function shouldRecentre(centre: number, bid: number, ask: number, tick: number, rowCount: number): boolean {
  if (!Number.isFinite(centre)) return true;
  const mid = Number.isNaN(bid) ? ask : Number.isNaN(ask) ? bid : (bid + ask) / 2;
  return Number.isFinite(mid) && Math.abs(mid - centre) / tick > rowCount * 0.3;
}

/** A centre on the tick grid, between the touches. */
export function centreOf(bid: number, ask: number, tick: number): number {
  const mid = Number.isNaN(bid) ? ask : Number.isNaN(ask) ? bid : (bid + ask) / 2;
  return Math.round(mid / tick) * tick;
}

const cancellable: ReadonlySet<Order['state']> = new Set(['pending', 'working', 'partial', 'held', 'unknown']);

/** Our orders that rest at a price of the ladder and can be cancelled. */
export function ownAt(orders: readonly Order[], instrument: number, price: number): Order[] {
  return orders.filter((row) => {
    const at = Number(row.limit ?? row.stop ?? NaN);
    return row.instrument === instrument && cancellable.has(row.state) && Math.abs(at - price) < 1e-9;
  });
}
