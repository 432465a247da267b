// Commands that were given and have not left yet: each waits three seconds, in which one key takes it back.

import { create } from 'zustand';

export const outboxMs = 3000;

export interface Waiting {
  id: number;
  text: string;
  leavesAtMs: number;
}

interface Entry extends Waiting {
  send: () => void;
  timer: ReturnType<typeof setTimeout>;
}

let nextId = 1;
const entries = new Map<number, Entry>();

export const useOutbox = create<{ waiting: readonly Waiting[] }>(() => ({ waiting: [] }));

function tell(): void {
  useOutbox.setState({ waiting: [...entries.values()].map(({ id, text, leavesAtMs }) => ({ id, text, leavesAtMs })) });
}

/** Sends after the wait, unless it is taken back before. */
export function sendLater(text: string, send: () => void): void {
  const id = nextId++;
  const timer = setTimeout(() => {
    entries.delete(id);
    tell();
    send();
  }, outboxMs);
  entries.set(id, { id, text, leavesAtMs: performance.now() + outboxMs, send, timer });
  tell();
}

/** Takes back one command, or the latest. True when there was one: it was not sent and never will be. */
export function takeBack(id?: number): boolean {
  const entry = id === undefined ? [...entries.values()].at(-1) : entries.get(id);
  if (!entry) return false;
  clearTimeout(entry.timer);
  entries.delete(entry.id);
  tell();
  return true;
}
