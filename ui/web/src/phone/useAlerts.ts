import { format, type DeskState } from '@robotrader/client';
import { useCallback, useMemo, useState } from 'react';
import { useDesk } from '../live/desk';
import { ms, num, symbolOf } from '../live/lookups';

export interface Alert {
  id: string;
  level: 'attention' | 'alarm';
  title: string;
  text: string;
  atMs: number;
  /** An order that waits for an answer may be asked about or cancelled from here. */
  order: string | null;
  /** Still true now; the others are history. */
  current: boolean;
  read: boolean;
}

export interface AlertList {
  items: readonly Alert[];
  markAllRead: () => void;
}

const historyMost = 40;
const storageKey = 'robotrader.alerts-read';

export function useAlerts(): AlertList {
  const state = useDesk((desk) => desk.state);
  const [read, setRead] = useState<ReadonlySet<string>>(loadRead);
  const all = useMemo(() => (state === null ? [] : alertsOf(state)), [state]);
  const items = useMemo(() => all.map((alert) => ({ ...alert, read: read.has(alert.id) })), [all, read]);
  const markAllRead = useCallback(() => {
    const next = new Set(all.map((alert) => alert.id));
    sessionStorage.setItem(storageKey, JSON.stringify([...next]));
    setRead(next);
  }, [all]);
  return { items, markAllRead };
}

function loadRead(): ReadonlySet<string> {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? '[]');
    return new Set(Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : []);
  } catch {
    return new Set();
  }
}

/** What needs a person now, then what needed one earlier, newest first. */
export function alertsOf(state: DeskState): Omit<Alert, 'read'>[] {
  const now = Date.parse(state.status.now);
  const alerts: Omit<Alert, 'read'>[] = [];
  const { gateway, kill } = state.status;
  if (gateway.state === 'disconnected') {
    alerts.push({
      id: `gateway:${gateway.since}`,
      level: 'alarm',
      title: 'The gateway is away',
      text: gateway.detail,
      atMs: ms(gateway.since),
      order: null,
      current: true,
    });
  }
  if (kill.state === 'fired') {
    alerts.push({
      id: `kill:${kill.at}`,
      level: 'alarm',
      title: 'The kill switch fired',
      text: `${kill.by}${kill.reason === '' ? '' : `: ${kill.reason}`}. ${kill.orders_cancelled} of ${kill.orders_total} orders cancelled, ${kill.positions_closed} of ${kill.positions_total} positions closed.`,
      atMs: ms(kill.at),
      order: null,
      current: true,
    });
  }
  for (const order of state.orders) {
    if (order.state !== 'unknown' && order.state !== 'held') continue;
    const symbol = symbolOf(state, order.instrument);
    const wait = order.deadline === null ? '' : ` Cancelled in ${format.countdown((ms(order.deadline) - now) / 1000)}.`;
    alerts.push({
      id: `order:${order.key}:${order.state}`,
      level: 'attention',
      title: `${symbol} ${order.side} ${format.quantity(num(order.quantity))} is ${order.state}`,
      text: `${order.reason}${wait}`,
      atMs: ms(order.changed_at),
      order: order.key,
      current: true,
    });
  }
  for (const limit of state.limits) {
    if (limit.state === 'ok') continue;
    alerts.push({
      id: `limit:${limit.name}:${limit.subject}:${limit.state}`,
      level: limit.state === 'hit' ? 'alarm' : 'attention',
      title:
        `${limit.title} ${limit.subject} ${limit.state === 'hit' ? 'is hit' : `at ${format.percent(limit.use_percent, 0)}`}`.replace(
          '  ',
          ' ',
        ),
      text: limit.effect === '' ? '' : `When hit: ${limit.effect}.`,
      atMs: now,
      order: null,
      current: true,
    });
  }
  const history = state.log.filter((line) => line.level === 'attention' || line.level === 'alarm').slice(-historyMost);
  for (const line of history.reverse()) {
    alerts.push({
      id: `log:${line.id}`,
      level: line.level === 'alarm' ? 'alarm' : 'attention',
      title: line.text,
      text: '',
      atMs: ms(line.at),
      order: null,
      current: false,
    });
  }
  return alerts;
}
