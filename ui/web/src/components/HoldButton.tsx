import { type CSSProperties, type ReactNode } from 'react';
import { holdMs, type Hold } from './useHold';

/** Held for 1.5 s it acts; let go and nothing happens. Space and Enter hold it too. */
export function HoldButton({
  hold,
  idle,
  holding,
  disabled = false,
  testId,
}: {
  hold: Hold;
  idle: string;
  holding: (secondsLeft: string) => string;
  disabled?: boolean;
  testId?: string;
}): ReactNode {
  const isHeld = hold.held > 0;
  const left = (((1 - hold.held) * holdMs) / 1000).toFixed(1);
  return (
    <button
      type="button"
      className="hold"
      data-testid={testId}
      disabled={disabled}
      style={{ '--held': isHeld ? hold.held : 1 } as CSSProperties}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        hold.start();
      }}
      onPointerUp={hold.stop}
      onPointerCancel={hold.stop}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if ((event.key === ' ' || event.key === 'Enter') && !event.repeat) {
          event.preventDefault();
          hold.start();
        }
      }}
      onKeyUp={hold.stop}
      onBlur={hold.stop}
    >
      <i />
      <span>{isHeld ? holding(`${left} s`) : idle}</span>
    </button>
  );
}
