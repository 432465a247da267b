import { useContext, useId, type DragEvent, type KeyboardEvent, type ReactNode } from 'react';
import { beginDrag, endDrag } from '../dock/drag';
import { LayoutContext } from '../shell/layout';

export interface PanelProps {
  id: string;
  title: ReactNode;
  subject?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
  onKey?: ((event: KeyboardEvent<HTMLElement>) => void) | undefined;
  className?: string;
}

function startDrag(event: DragEvent<HTMLElement>): void {
  const panel = event.currentTarget.closest<HTMLElement>('[data-panel]');
  if (!panel) return;
  event.dataTransfer.setData('text/plain', panel.dataset['panel'] ?? '');
  event.dataTransfer.effectAllowed = 'move';
  beginDrag(panel);
}

/** A 26 px header and what it heads. Dragged by it the panel moves; a double click, or M, gives it the whole workspace. */
export function Panel({ id, title, subject, actions, children, footer, onKey, className }: PanelProps): ReactNode {
  const heading = useId();
  const layout = useContext(LayoutContext);
  if (layout.maximised !== null && layout.maximised !== id) return null;
  return (
    <section
      className={`panel panel--${id} ${layout.maximised === id ? 'panel--maximised' : ''} ${className ?? ''}`}
      data-testid={`panel-${id}`}
      data-panel={id}
      aria-labelledby={heading}
      tabIndex={-1}
      onKeyDown={onKey}
    >
      <header
        className="panel-head"
        draggable
        onDragStart={startDrag}
        onDragEnd={endDrag}
        onDoubleClick={() => layout.toggleMaximised(id)}
      >
        <h2 id={heading} className="panel-title">
          {title}
        </h2>
        {subject !== undefined && <span className="panel-subject">{subject}</span>}
        <span className="panel-space" />
        {actions}
      </header>
      <div className="panel-body">{children}</div>
      {footer !== undefined && <footer className="panel-foot">{footer}</footer>}
    </section>
  );
}
