import { beforeEach, describe, expect, it } from 'vitest';
import { decodeFrame } from './frames';
import { BlockType, QuoteFlag, TradeFlag, type Print } from './generated';
import { Market, numberOf, tapeLength, type LiveBar } from './market';
import { makeFrame, type BlockRows } from './testing/frameBytes';

let market: Market;
beforeEach(() => {
  market = new Market();
});

function hear(...blocks: BlockRows[]): void {
  market.apply(decodeFrame(makeFrame(blocks, { engineAtMs: 5000 })), 70);
}
const quote = (last: number, flags = 0): BlockRows => ({
  type: BlockType.quotes,
  instrument: 0,
  extra: 0,
  rows: [[3, 10, 100, 11, 200, last, 50, 900, 4000, flags, 10.4, 1.2]],
});
const print = (id: number, flags = 0): number[] => [id, 4000 + id, 10.5, 100, 1, 0, flags];
const trades = (...rows: number[][]): BlockRows => ({ type: BlockType.trades, instrument: 3, extra: 0, rows });
const bar = (atMs: number, close: number): LiveBar => ({
  atMs,
  open: 1,
  high: 2,
  low: 1,
  close,
  volume: 10,
  vwap: NaN,
});
const barRow = (atMs: number, close: number): number[] => [atMs, 1, 2, 1, close, 10, NaN];

describe('a quote', () => {
  it('is replaced whole, and remembers where the last price went', () => {
    hear(quote(10.4));
    hear(quote(10.5));
    expect(market.quotes.get(3)).toMatchObject({
      bid: 10,
      askSize: 200,
      last: 10.5,
      lastMove: 1,
      stale: false,
      vwap: 10.4,
    });
    expect(market.quotes.get(3)?.relativeVolume).toBe(1.2);
    hear(quote(10.4, QuoteFlag.stale | QuoteFlag.halted));
    expect(market.quotes.get(3)).toMatchObject({ lastMove: -1, stale: true, crossed: false, halted: true });
    expect([market.engineAtMs, market.heardAtMs]).toEqual([5000, 70]);
  });
});

describe('a book', () => {
  it('forgets levels that are gone', () => {
    const row = (side: number, price: number): number[] => [side, price, 5, 0, NaN, 0, 0];
    hear({ type: BlockType.depth, instrument: 3, extra: 0, rows: [row(0, 10), row(0, 9), row(1, 11)] });
    hear({ type: BlockType.depth, instrument: 3, extra: 0, rows: [row(0, 9.5), row(1, 11), row(1, 12)] });
    expect(market.depths.get(3)?.bids.map((level) => level.price)).toEqual([9.5]);
    expect(market.depths.get(3)?.asks.map((level) => level.price)).toEqual([11, 12]);
  });
});

describe('the tape', () => {
  const ids = (): number[] => market.tapes.get(3)?.trades.map((trade) => trade.id) ?? [];

  it('is newest first across frames', () => {
    hear(trades(print(1), print(2)));
    hear(trades(print(3)));
    expect(ids()).toEqual([3, 2, 1]);
  });
  it('marks a print that comes again as cancelled instead of showing it twice', () => {
    hear(trades(print(1), print(2)));
    hear(trades(print(1, TradeFlag.cancelled)));
    expect(ids()).toEqual([2, 1]);
    expect(market.tapes.get(3)?.trades[1]?.cancelled).toBe(true);
  });
  it('takes its past from the API under what was streamed meanwhile', () => {
    const past = (id: number): Print => ({
      id,
      at: '2019-02-15T15:00:00Z',
      price: '10.5',
      size: '7',
      side: 'seller',
      venue: 'ARCA',
      off_exchange: false,
      sweep: false,
      block: false,
      odd_lot: true,
      cancelled: false,
    });
    hear(trades(print(3), print(4)));
    market.seedTape(3, [past(4), past(3), past(2)], ['NYSE', 'ARCA']);
    expect(ids()).toEqual([4, 3, 2]);
    expect(market.tapes.get(3)?.trades[2]).toMatchObject({ venue: 1, side: -1, size: 7, oddLot: true });
  });
  it('has an end', () => {
    hear(trades(...Array.from({ length: tapeLength + 1 }, (_, id) => print(id))));
    expect(ids()).toHaveLength(tapeLength);
    expect(ids().at(-1)).toBe(1);
  });
});

describe('bars', () => {
  const stream = (...rows: number[][]): void => hear({ type: BlockType.bars, instrument: 3, extra: 60, rows });
  const closes = (): [number, number][] => (market.bars(3, 60)?.bars ?? []).map((entry) => [entry.atMs, entry.close]);

  it('put the history under what was streamed while it was asked for', () => {
    stream(barRow(120, 5));
    expect(market.bars(3, 60)?.seeded).toBe(false);
    market.seedBars(3, 60, [bar(0, 1), bar(60, 2), bar(120, 3)]);
    expect(market.bars(3, 60)?.seeded).toBe(true);
    expect(closes()).toEqual([
      [0, 1],
      [60, 2],
      [120, 5],
    ]);
  });
  it('replace the bar of their time, are appended, or are put where they belong', () => {
    market.seedBars(3, 60, [bar(0, 1), bar(120, 3)]);
    stream(barRow(120, 4), barRow(180, 6), barRow(60, 2));
    expect(closes()).toEqual([
      [0, 1],
      [60, 2],
      [120, 4],
      [180, 6],
    ]);
  });
  it('of another length are another list', () => {
    stream(barRow(0, 1));
    expect(market.bars(3, 300)).toBeUndefined();
  });
});

it('reads exact decimals for the screen, and knows what is missing', () => {
  expect(numberOf('105.26')).toBe(105.26);
  expect(numberOf('-0.05')).toBe(-0.05);
  expect([numberOf(null), numberOf(''), numberOf(undefined)]).toEqual([NaN, NaN, NaN]);
});
