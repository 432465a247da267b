import { createContext } from 'react';

export interface Layout {
  maximised: string | null;
  toggleMaximised: (panel: string) => void;
}

export const LayoutContext = createContext<Layout>({ maximised: null, toggleMaximised: () => undefined });
