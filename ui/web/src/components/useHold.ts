import { useCallback, useEffect, useRef, useState } from 'react';

export const holdMs = 1500;
/** A frame counts for at most this much: a page that stood still was not held, and a release waiting behind it must win. */
const frameMsMost = 50;

export interface Hold {
  /** 0 to 1; 0 while nothing is held. */
  held: number;
  start: () => void;
  stop: () => void;
}

/** Something that happens only after being held for `ms`; letting go early does nothing. */
export function useHold(onDone: () => void, ms = holdMs): Hold {
  const [held, setHeld] = useState(0);
  const frame = useRef(0);
  const done = useRef(onDone);
  useEffect(() => {
    done.current = onDone;
  }, [onDone]);

  const stop = useCallback(() => {
    cancelAnimationFrame(frame.current);
    frame.current = 0;
    setHeld(0);
  }, []);

  const start = useCallback(() => {
    if (frame.current !== 0) return;
    let before = performance.now();
    let counted = 0;
    const step = (): void => {
      const now = performance.now();
      counted += Math.min(frameMsMost, now - before);
      before = now;
      const part = Math.min(1, counted / ms);
      setHeld(Math.max(part, 0.001));
      if (part >= 1) {
        frame.current = 0;
        setHeld(0);
        done.current();
        return;
      }
      frame.current = requestAnimationFrame(step);
    };
    frame.current = requestAnimationFrame(step);
  }, [ms]);

  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  return { held, start, stop };
}
