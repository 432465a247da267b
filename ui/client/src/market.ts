// Market data as it is now, outside of any user interface: written by frames, read once per animation frame.

import type { Block, MarketFrame } from './frames';
import {
  BarRow,
  BlockType,
  DepthRow,
  QuoteFlag,
  QuoteRow,
  TradeFlag,
  TradeRow,
  type Print,
  type Quote,
} from './generated';

export interface LiveQuote {
  bid: number;
  bidSize: number;
  ask: number;
  askSize: number;
  last: number;
  lastSize: number;
  volume: number;
  atMs: number;
  stale: boolean;
  crossed: boolean;
  halted: boolean;
  /** Of the session. */
  vwap: number;
  /** Today's volume against the average of earlier days at this time; NaN without earlier days. */
  relativeVolume: number;
  /** -1 or 1: where `last` went last. */
  lastMove: number;
  version: number;
}

export interface Level {
  price: number;
  size: number;
  own: number;
  queuePercent: number;
  bought: number;
  sold: number;
}

export interface LiveDepth {
  bids: Level[];
  asks: Level[];
  version: number;
}

export interface LiveTrade {
  id: number;
  atMs: number;
  price: number;
  size: number;
  /** 1 buyer, -1 seller, 0 unknown: who was the aggressor. */
  side: number;
  venue: number;
  offExchange: boolean;
  sweep: boolean;
  block: boolean;
  oddLot: boolean;
  cancelled: boolean;
}

export interface LiveBar {
  atMs: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  vwap: number;
}

export const tapeLength = 400;

export interface LiveTape {
  /** Newest first. */
  trades: LiveTrade[];
  version: number;
}

export interface LiveBars {
  /** Oldest first. */
  bars: LiveBar[];
  /** False until the history has been put under what the stream brought meanwhile. */
  seeded: boolean;
  version: number;
}

export class Market {
  readonly quotes = new Map<number, LiveQuote>();
  readonly depths = new Map<number, LiveDepth>();
  readonly tapes = new Map<number, LiveTape>();
  readonly #bars = new Map<string, LiveBars>();
  engineAtMs = 0;
  /** Wall time of this page when a frame last arrived. */
  heardAtMs = 0;
  conflated = 0;

  clear(): void {
    this.quotes.clear();
    this.depths.clear();
    this.tapes.clear();
    this.#bars.clear();
  }

  apply(frame: MarketFrame, nowMs: number): void {
    this.engineAtMs = frame.engineAtMs;
    this.heardAtMs = nowMs;
    this.conflated += frame.conflated;
    for (const block of frame.blocks) {
      if (block.type === BlockType.quotes) this.#applyQuotes(block);
      else if (block.type === BlockType.depth) this.#applyDepth(block);
      else if (block.type === BlockType.trades) this.#applyTrades(block);
      else if (block.type === BlockType.bars) this.#applyBars(block);
    }
  }

  /** First paint, from the snapshot's JSON. */
  seed(quotes: readonly Quote[]): void {
    for (const quote of quotes) {
      const live = this.#quote(quote.instrument);
      live.bid = numberOf(quote.bid);
      live.bidSize = numberOf(quote.bid_size);
      live.ask = numberOf(quote.ask);
      live.askSize = numberOf(quote.ask_size);
      live.last = numberOf(quote.last);
      live.lastSize = numberOf(quote.last_size);
      live.volume = numberOf(quote.volume);
      live.atMs = quote.at === null ? 0 : Date.parse(quote.at);
      live.stale = quote.state === 'stale';
      live.crossed = quote.state === 'crossed';
      live.halted = quote.state === 'halted';
      live.vwap = numberOf(quote.vwap);
      live.relativeVolume = quote.relative_volume ?? NaN;
      live.version++;
    }
  }

  /** First paint of the tape, newest first; what the stream has brought meanwhile stays on top. */
  seedTape(instrument: number, prints: readonly Print[], venues: readonly string[]): void {
    const tape = this.tapes.get(instrument) ?? { trades: [], version: 0 };
    const oldest = tape.trades.at(-1)?.id ?? Infinity;
    const before = prints.filter((print) => print.id < oldest).map((print) => tradeOf(print, venues));
    tape.trades = tape.trades.concat(before).slice(0, tapeLength);
    tape.version++;
    this.tapes.set(instrument, tape);
  }

  /** Puts the history under the bars that the stream has brought since it was asked for. */
  seedBars(instrument: number, seconds: number, history: readonly LiveBar[]): void {
    const live = this.#barsOf(instrument, seconds);
    const streamed = live.bars;
    live.bars = history.slice();
    for (const bar of streamed) placeBar(live.bars, bar);
    live.seeded = true;
    live.version++;
  }

  #barsOf(instrument: number, seconds: number): LiveBars {
    const key = `${instrument}:${seconds}`;
    let live = this.#bars.get(key);
    if (!live) {
      live = { bars: [], seeded: false, version: 0 };
      this.#bars.set(key, live);
    }
    return live;
  }

  bars(instrument: number, seconds: number): LiveBars | undefined {
    return this.#bars.get(`${instrument}:${seconds}`);
  }

  #quote(instrument: number): LiveQuote {
    let live = this.quotes.get(instrument);
    if (!live) {
      live = {
        bid: NaN,
        bidSize: NaN,
        ask: NaN,
        askSize: NaN,
        last: NaN,
        lastSize: NaN,
        volume: NaN,
        atMs: 0,
        stale: false,
        crossed: false,
        halted: false,
        vwap: NaN,
        relativeVolume: NaN,
        lastMove: 0,
        version: 0,
      };
      this.quotes.set(instrument, live);
    }
    return live;
  }

  #applyQuotes({ values, rows, columns }: Block): void {
    for (let row = 0; row < rows; row++) {
      const at = row * columns;
      const read = (column: number): number => values[at + column] ?? NaN;
      const live = this.#quote(read(QuoteRow.instrument));
      const last = read(QuoteRow.last);
      if (last > live.last) live.lastMove = 1;
      else if (last < live.last) live.lastMove = -1;
      live.bid = read(QuoteRow.bid);
      live.bidSize = read(QuoteRow.bid_size);
      live.ask = read(QuoteRow.ask);
      live.askSize = read(QuoteRow.ask_size);
      live.last = last;
      live.lastSize = read(QuoteRow.last_size);
      live.volume = read(QuoteRow.volume);
      live.atMs = read(QuoteRow.at_ms);
      const flags = read(QuoteRow.flags);
      live.stale = (flags & QuoteFlag.stale) !== 0;
      live.crossed = (flags & QuoteFlag.crossed) !== 0;
      live.halted = (flags & QuoteFlag.halted) !== 0;
      live.vwap = read(QuoteRow.vwap);
      live.relativeVolume = read(QuoteRow.relative_volume);
      live.version++;
    }
  }

  #applyDepth({ values, rows, columns, instrument }: Block): void {
    let depth = this.depths.get(instrument);
    if (!depth) {
      depth = { bids: [], asks: [], version: 0 };
      this.depths.set(instrument, depth);
    }
    let bids = 0;
    let asks = 0;
    for (let row = 0; row < rows; row++) {
      const at = row * columns;
      const read = (column: number): number => values[at + column] ?? NaN;
      const isBid = read(DepthRow.side) === 0;
      const side = isBid ? depth.bids : depth.asks;
      const place = isBid ? bids++ : asks++;
      const level = (side[place] ??= { price: 0, size: 0, own: 0, queuePercent: NaN, bought: 0, sold: 0 });
      level.price = read(DepthRow.price);
      level.size = read(DepthRow.size);
      level.own = read(DepthRow.own);
      level.queuePercent = read(DepthRow.queue_percent);
      level.bought = read(DepthRow.bought);
      level.sold = read(DepthRow.sold);
    }
    depth.bids.length = bids;
    depth.asks.length = asks;
    depth.version++;
  }

  #applyTrades({ values, rows, columns, instrument }: Block): void {
    let tape = this.tapes.get(instrument);
    if (!tape) {
      tape = { trades: [], version: 0 };
      this.tapes.set(instrument, tape);
    }
    const fresh: LiveTrade[] = [];
    for (let row = 0; row < rows; row++) {
      const at = row * columns;
      const read = (column: number): number => values[at + column] ?? NaN;
      const id = read(TradeRow.id);
      const flags = read(TradeRow.flags);
      const trade: LiveTrade = {
        id,
        atMs: read(TradeRow.at_ms),
        price: read(TradeRow.price),
        size: read(TradeRow.size),
        side: read(TradeRow.side),
        venue: read(TradeRow.venue),
        offExchange: (flags & TradeFlag.offExchange) !== 0,
        sweep: (flags & TradeFlag.sweep) !== 0,
        block: (flags & TradeFlag.block) !== 0,
        oddLot: (flags & TradeFlag.oddLot) !== 0,
        cancelled: (flags & TradeFlag.cancelled) !== 0,
      };
      // A print that is already on the tape comes again only to be cancelled or corrected.
      const known =
        trade.cancelled || (tape.trades[0]?.id ?? -1) >= id ? tape.trades.findIndex((old) => old.id === id) : -1;
      if (known >= 0) tape.trades[known] = trade;
      else fresh.push(trade);
    }
    if (fresh.length > 0) {
      fresh.reverse();
      tape.trades = fresh.concat(tape.trades).slice(0, tapeLength);
    }
    tape.version++;
  }

  #applyBars({ values, rows, columns, instrument, extra }: Block): void {
    const live = this.#barsOf(instrument, extra);
    for (let row = 0; row < rows; row++) {
      const at = row * columns;
      const read = (column: number): number => values[at + column] ?? NaN;
      const bar: LiveBar = {
        atMs: read(BarRow.at_ms),
        open: read(BarRow.open),
        high: read(BarRow.high),
        low: read(BarRow.low),
        close: read(BarRow.close),
        volume: read(BarRow.volume),
        vwap: read(BarRow.vwap),
      };
      placeBar(live.bars, bar);
    }
    live.version++;
  }
}

function tradeOf(print: Print, venues: readonly string[]): LiveTrade {
  return {
    id: print.id,
    atMs: Date.parse(print.at),
    price: Number(print.price),
    size: Number(print.size),
    side: print.side === 'buyer' ? 1 : print.side === 'seller' ? -1 : 0,
    venue: venues.indexOf(print.venue),
    offExchange: print.off_exchange,
    sweep: print.sweep,
    block: print.block,
    oddLot: print.odd_lot,
    cancelled: print.cancelled,
  };
}

function placeBar(bars: LiveBar[], bar: LiveBar): void {
  let place = bars.length - 1;
  while (place >= 0 && (bars[place] as LiveBar).atMs > bar.atMs) place--;
  if (place >= 0 && (bars[place] as LiveBar).atMs === bar.atMs) bars[place] = bar;
  else bars.splice(place + 1, 0, bar);
}

/** A decimal string of the wire as a number for the screen; NaN where there is none. */
export function numberOf(text: string | null | undefined): number {
  return text === null || text === undefined || text === '' ? NaN : Number(text);
}
