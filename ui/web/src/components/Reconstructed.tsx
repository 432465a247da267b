import type { ReactNode } from 'react';

/** Prices that were made from minute bars are never shown without saying so. */
export function Reconstructed({ inline = false }: { inline?: boolean }): ReactNode {
  return (
    <span className={inline ? 'chip chip--info' : 'reconstructed'} data-testid="reconstructed">
      reconstructed from 1-minute bars
    </span>
  );
}
