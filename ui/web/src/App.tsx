import type { ReactNode } from 'react';
import { Desk } from './shell/Desk';

export function App(): ReactNode {
  return <Desk />;
}
