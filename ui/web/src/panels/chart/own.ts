// What of the desk's state belongs on the chart of one instrument.

import { format, type Fill, type Order, type Position, type Signal } from '@robotrader/client';
import { num } from '../../live/lookups';
import type { OwnLine, OwnMark } from './drawing';

const labelsMost = 40;
const alive = new Set(['pending', 'working', 'partial', 'held', 'pending_cancel', 'unknown']);

/** Own working orders and the average price of the position, as lines. */
export function ownLines(
  instrument: number,
  orders: readonly Order[],
  position: Position | undefined,
  decimals: number,
): OwnLine[] {
  const lines: OwnLine[] = [];
  for (const order of orders) {
    if (order.instrument !== instrument || !alive.has(order.state)) continue;
    const price = num(order.type === 'STP' ? order.stop : (order.limit ?? order.stop));
    if (Number.isNaN(price)) continue;
    const left = num(order.quantity) - num(order.filled);
    const doubt = order.state === 'unknown' ? ' ?' : '';
    const oca = order.oca_group === '' ? '' : ' OCA';
    lines.push({
      key: order.key,
      price,
      kind: 'order',
      title: `${order.side === 'BUY' ? 'B' : 'S'} ${format.quantity(left)} ${order.type} ${format.price(price, decimals)}${oca}${doubt}`,
    });
  }
  const quantity = num(position?.quantity);
  const average = num(position?.average);
  if (position && quantity !== 0 && Number.isFinite(quantity) && Number.isFinite(average)) {
    const word = quantity > 0 ? 'LONG' : 'SHORT';
    lines.push({
      key: 'position',
      price: average,
      kind: 'position',
      title: `${word} ${format.quantity(Math.abs(quantity))} @ ${format.price(average, decimals)} ${format.pnl(num(position.unrealized_pnl))}`,
    });
  }
  return lines;
}

/**
 * Marks on their bars. Where several fills of one side share a bar only the last one is labelled, with the sum: labels on top
 * of each other say nothing.
 */
export function labelMarks(marks: readonly (OwnMark & { barMs: number })[]): (OwnMark & { barMs: number })[] {
  const groups = new Map<string, { last: number; sum: number }>();
  marks.forEach((mark, place) => {
    if (mark.kind !== 'fill') return;
    const key = `${mark.barMs}|${mark.side}`;
    groups.set(key, { last: place, sum: (groups.get(key)?.sum ?? 0) + mark.quantity });
  });
  const crowded = groups.size > labelsMost;
  return marks.map((mark, place) => {
    if (mark.kind !== 'fill') return mark;
    const group = groups.get(`${mark.barMs}|${mark.side}`);
    const labelled = group !== undefined && group.last === place && !crowded;
    return { ...mark, text: labelled ? `${mark.side === 'BUY' ? 'B' : 'S'} ${format.quantity(round(group.sum))}` : '' };
  });
}

function round(quantity: number): number {
  return Math.round(quantity * 1e4) / 1e4;
}

/** One mark per fill of the symbol, and one hollow mark per signal that was not traded. */
export function ownMarks(instrument: number, fills: readonly Fill[], signals: readonly Signal[]): OwnMark[] {
  const marks: OwnMark[] = [];
  for (const fill of fills) {
    if (fill.instrument !== instrument) continue;
    marks.push({
      key: `fill:${fill.execution}`,
      atMs: Date.parse(fill.at),
      side: fill.side,
      kind: 'fill',
      quantity: num(fill.quantity),
      text: '',
    });
  }
  for (const signal of signals) {
    if (signal.instrument !== instrument || signal.traded || signal.score === 0) continue;
    marks.push({
      key: `signal:${signal.id}`,
      atMs: Date.parse(signal.at),
      side: signal.score > 0 ? 'BUY' : 'SELL',
      kind: 'signal',
      quantity: 0,
      text: signal.reason,
    });
  }
  return marks;
}
