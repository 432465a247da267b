// The page's one connection, and what React may know of it: the desk's state at most ten times a second.

import { Connection, Market, type DeskState, type Link, type Listener, type Socket } from '@robotrader/client';
import { create } from 'zustand';
import { deskToken } from './token';

/** No symbol is chosen: 0 is one the engine may use. */
export const noInstrument = -1;

interface DeskStore {
  state: DeskState | null;
  link: Link;
  /** Page time (performance.now) when `state` was received: ages go on from here. */
  stateAtMs: number;
  /** Goes up with every snapshot: panels that keep history of their own load it again. */
  generation: number;
  selected: number;
  select: (instrument: number) => void;
}

export const market = new Market();

export const useDesk = create<DeskStore>((set) => ({
  state: null,
  link: { kind: 'connecting', attempt: 0, sinceMs: 0 },
  stateAtMs: 0,
  generation: 0,
  selected: noInstrument,
  select: (instrument) => set({ selected: instrument }),
}));

const flushEveryMs = 100;
let pending: DeskState | null = null;
let pendingAtMs = 0;
let flushTimer: ReturnType<typeof setTimeout> | null = null;
let flushedAtMs = 0;

function flush(): void {
  flushTimer = null;
  if (pending === null) return;
  flushedAtMs = performance.now();
  useDesk.setState({ state: pending, stateAtMs: pendingAtMs });
  pending = null;
}

const listener: Listener = {
  onState(state, how, message) {
    if (how === 'snapshot') {
      const before = useDesk.getState();
      if (before.state?.epoch !== state.epoch) market.clear();
      if (message.type === 'snapshot' && 'state' in message) market.seed(message.state.quotes);
      pending = null;
      useDesk.setState({
        state,
        stateAtMs: performance.now(),
        generation: before.generation + 1,
        selected: choose(before.selected, state),
      });
      return;
    }
    pending = state;
    pendingAtMs = performance.now();
    flushTimer ??= setTimeout(flush, Math.max(0, flushedAtMs + flushEveryMs - pendingAtMs));
  },
  onFrame(frame) {
    market.apply(frame, performance.now());
  },
  onLink(link) {
    useDesk.setState({ link });
  },
  onError() {
    // Every refusal of a request is shown where it was asked; the stream's own errors end in a lost link.
  },
};

function choose(selected: number, state: DeskState): number {
  if (state.instruments.some((row) => row.id === selected)) return selected;
  const deepest = state.instruments.find((row) => row.has_depth) ?? state.instruments[0];
  return deepest?.id ?? noInstrument;
}

export const connection = new Connection({
  open: () => {
    const url = new URL('/api/v1/stream', window.location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return new WebSocket(url) as unknown as Socket;
  },
  token: deskToken,
  rate: 60,
  listener,
  turns: {
    now: () => performance.now(),
    after: (ms, run) => setTimeout(run, ms),
    cancel: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
  },
});

/** Seconds since the market last spoke to this page: the server's own age plus the silence since. */
export function dataAgeSeconds(nowMs: number): number | null {
  const { state, stateAtMs } = useDesk.getState();
  if (state === null || state.status.data_age_ms === null) return null;
  const fromStatus = state.status.data_age_ms + (nowMs - stateAtMs);
  const fromFrame = market.heardAtMs > 0 ? nowMs - market.heardAtMs : Infinity;
  return Math.max(0, Math.min(fromStatus, fromFrame)) / 1000;
}

/** Engine time now, in milliseconds: it goes on between messages at the engine's speed, and stands still when the link is lost. */
export function engineNowMs(nowMs: number): number {
  const { state, stateAtMs, link } = useDesk.getState();
  if (state === null) return 0;
  const fromStatus = Date.parse(state.status.now);
  if (link.kind !== 'open') return Math.max(fromStatus, market.engineAtMs);
  const speed = state.status.speed > 0 ? state.status.speed : 1;
  const told = Math.max(fromStatus, market.engineAtMs);
  const toldAt = told === fromStatus ? stateAtMs : market.heardAtMs;
  return told + Math.min(2000, nowMs - toldAt) * speed;
}

/** True when nothing on the screen may look alive. */
export function useSilent(): boolean {
  return useDesk((desk) => desk.link.kind !== 'open');
}
