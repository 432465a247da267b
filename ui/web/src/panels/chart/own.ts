// What of the desk's state belongs on the chart of one instrument.

import { format, type Fill, type Order, type Position, type Signal } from '@robotrader/client';
import { num } from '../../live/lookups';
import type { OwnLine, OwnMark } from './drawing';

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
      text: `${fill.side === 'BUY' ? 'B' : 'S'} ${format.quantity(num(fill.quantity))}`,
    });
  }
  for (const signal of signals) {
    if (signal.instrument !== instrument || signal.traded || signal.score === 0) continue;
    marks.push({
      key: `signal:${signal.id}`,
      atMs: Date.parse(signal.at),
      side: signal.score > 0 ? 'BUY' : 'SELL',
      kind: 'signal',
      text: signal.reason,
    });
  }
  return marks;
}
