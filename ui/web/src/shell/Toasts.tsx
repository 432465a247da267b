import type { ReactNode } from 'react';
import { Glyph } from '../components/Mark';
import { useToasts } from '../live/toasts';
import { choosePair, useLook } from '../theme/theme';

export function Toasts(): ReactNode {
  const { toasts, dismiss } = useToasts();
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
