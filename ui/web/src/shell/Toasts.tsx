import { useEffect, useRef, type ReactNode } from 'react';
import { Key } from '../components/Key';
import { Glyph } from '../components/Mark';
import { onFrame, setText } from '../live/ticker';
import { takeBack, useOutbox, type Waiting } from '../live/outbox';
import { useToasts } from '../live/toasts';
import { choosePair, useLook } from '../theme/theme';

export function Toasts(): ReactNode {
  const { toasts, dismiss } = useToasts();
  const waiting = useOutbox((outbox) => outbox.waiting);
  const pairChosen = useLook((look) => look.pairChosen);
  return (
    <div className="toasts" aria-label="Messages" role="region">
      {!pairChosen && (
        <div className="toast" data-testid="pair-offer">
          <span>Gain and loss are green and red here. Blue and orange are easier to tell apart for some eyes.</span>
          <button type="button" className="btn btn--small" onClick={() => choosePair('cb')}>
            Blue and orange
          </button>
          <button type="button" className="btn btn--small" onClick={() => choosePair('default')}>
            Keep
          </button>
        </div>
      )}
      {waiting.map((entry) => (
        <Leaving key={entry.id} entry={entry} />
      ))}
      {toasts.map((toast) => (
        <div
          key={toast.id}
          className="toast"
          data-level={toast.level}
          role={toast.level === 'plain' ? 'status' : 'alert'}
        >
          {toast.level !== 'plain' && (
            <span className={toast.level === 'danger' ? 'danger' : 'warn'} style={{ flex: 'none' }}>
              <Glyph shape={toast.level === 'danger' ? 'diamond' : 'triangle'} />
            </span>
          )}
          <span style={{ flex: 1 }}>{toast.text}</span>
          <button type="button" className="btn btn--small" onClick={() => dismiss(toast.id)}>
            Close
          </button>
        </div>
      ))}
    </div>
  );
}

/** A command on its way out, and the way back. */
function Leaving({ entry }: { entry: Waiting }): ReactNode {
  const left = useRef<HTMLSpanElement>(null);
  useEffect(
    () => onFrame((now) => setText(left.current, `${(Math.max(0, entry.leavesAtMs - now) / 1000).toFixed(1)} s`)),
    [entry],
  );
  return (
    <div className="toast" data-testid="leaving" role="status">
      <span style={{ flex: 1 }}>
        <b className="t1">{entry.text}</b> leaves in <span ref={left} aria-hidden="true" />
      </span>
      <button type="button" className="btn btn--small" onClick={() => takeBack(entry.id)}>
        Take back <Key>Ctrl Z</Key>
      </button>
    </div>
  );
}
