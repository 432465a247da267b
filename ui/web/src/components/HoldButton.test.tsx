// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HoldButton } from './HoldButton';
import { holdMs, useHold } from './useHold';

function Subject({ onDone, disabled = false }: { onDone: () => void; disabled?: boolean }): React.ReactNode {
  const hold = useHold(onDone);
  return (
    <HoldButton hold={hold} idle="Hold to flatten" holding={(left) => `Keep holding, ${left}`} disabled={disabled} />
  );
}

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['requestAnimationFrame', 'cancelAnimationFrame', 'performance', 'setTimeout', 'clearTimeout'],
  });
  HTMLElement.prototype.setPointerCapture = () => undefined;
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});
const turn = (ms: number): void => {
  act(() => {
    vi.advanceTimersByTime(ms);
  });
};

describe('a button that must be held', () => {
  it('acts once the whole time has passed and not before', () => {
    const done = vi.fn();
    render(<Subject onDone={done} />);
    fireEvent.pointerDown(screen.getByRole('button'), { button: 0, pointerId: 1 });
    turn(holdMs - 50);
    expect(done).not.toHaveBeenCalled();
    turn(100);
    expect(done).toHaveBeenCalledTimes(1);
    turn(holdMs * 2);
    expect(done).toHaveBeenCalledTimes(1);
  });
  it('does nothing when it is let go, and starts from the beginning again', () => {
    const done = vi.fn();
    render(<Subject onDone={done} />);
    const button = screen.getByRole('button');
    for (let n = 0; n < 3; n++) {
      fireEvent.pointerDown(button, { button: 0, pointerId: 1 });
      turn(holdMs - 100);
      expect(button.textContent).toContain('Keep holding, 0.1 s');
      fireEvent.pointerUp(button, { pointerId: 1 });
      turn(100);
      expect(button.textContent).toBe('Hold to flatten');
    }
    expect(done).not.toHaveBeenCalled();
  });
  it('can be held with the space bar', () => {
    const done = vi.fn();
    render(<Subject onDone={done} />);
    fireEvent.keyDown(screen.getByRole('button'), { key: ' ' });
    turn(holdMs + 50);
    expect(done).toHaveBeenCalledTimes(1);
  });
});

it('does not count the time a page stood still as being held', () => {
  const done = vi.fn();
  render(<Subject onDone={done} />);
  const button = screen.getByRole('button');
  fireEvent.pointerDown(button, { button: 0, pointerId: 1 });
  turn(100);
  const clock = vi.spyOn(performance, 'now');
  const stoodStillUntil = performance.now() + holdMs * 3;
  clock.mockImplementation(() => stoodStillUntil);
  turn(20);
  clock.mockRestore();
  expect(done).not.toHaveBeenCalled();
  fireEvent.pointerUp(button, { pointerId: 1 });
  turn(holdMs);
  expect(done).not.toHaveBeenCalled();
});
