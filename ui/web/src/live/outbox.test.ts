import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { outboxMs, sendLater, takeBack, useOutbox } from './outbox';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('sends after its wait and not one moment before', () => {
  const send = vi.fn();
  sendLater('pause momentum', send);
  expect(useOutbox.getState().waiting.map((entry) => entry.text)).toEqual(['pause momentum']);
  vi.advanceTimersByTime(outboxMs - 1);
  expect(send).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(send).toHaveBeenCalledOnce();
  expect(useOutbox.getState().waiting).toEqual([]);
});

it('never sends what was taken back, and takes back the latest first', () => {
  const one = vi.fn();
  const two = vi.fn();
  sendLater('one', one);
  sendLater('two', two);
  expect(takeBack()).toBe(true);
  vi.advanceTimersByTime(outboxMs);
  expect([one.mock.calls.length, two.mock.calls.length]).toEqual([1, 0]);
  expect(takeBack(), 'what has left stays sent').toBe(false);
});
