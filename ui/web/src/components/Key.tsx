import type { ReactNode } from 'react';

export function Key({ children }: { children: ReactNode }): ReactNode {
  return <kbd className="kbd">{children}</kbd>;
}
