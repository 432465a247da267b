import { Dialog } from 'radix-ui';
import type { KeyboardEvent, ReactNode } from 'react';

/** A dialog under the banner: the scrim starts below it, so the top line stays in sight. */
export function Modal({
  title,
  description,
  onClose,
  children,
  footer,
  danger = false,
  wide = false,
  testId,
  onKeyDown,
  onKeyUp,
}: {
  title: ReactNode;
  description?: ReactNode;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
  danger?: boolean;
  wide?: boolean;
  testId: string;
  onKeyDown?: (event: KeyboardEvent) => void;
  onKeyUp?: (event: KeyboardEvent) => void;
}): ReactNode {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content
          className={`modal ${danger ? 'modal--danger' : ''} ${wide ? 'modal--wide' : ''}`}
          data-testid={testId}
          {...(onKeyDown ? { onKeyDown } : {})}
          {...(onKeyUp ? { onKeyUp } : {})}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <div className="modal-body">
            <Dialog.Title className="modal-title">{title}</Dialog.Title>
            {description !== undefined && <Dialog.Description className="modal-note">{description}</Dialog.Description>}
            {children}
          </div>
          {footer !== undefined && <div className="modal-foot">{footer}</div>}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
