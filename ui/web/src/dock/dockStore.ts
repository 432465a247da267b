import type { DockviewApi } from 'dockview-react';
import { create } from 'zustand';
import { firstArrangement, keep, readKept } from './arrangement';

/** The dock on the screen, for the keys and the layouts dialog; null while there is none. */
export const useDock = create<{ api: DockviewApi | null; named: readonly string[] }>(() => ({
  api: null,
  named: Object.keys(readKept().named),
}));

export function resetArrangement(): boolean {
  const { api } = useDock.getState();
  if (!api) return false;
  api.fromJSON(firstArrangement(api.width, api.height));
  return true;
}

export function saveArrangement(name: string): void {
  const { api } = useDock.getState();
  if (!api || name === '') return;
  keep({ named: { ...readKept().named, [name]: api.toJSON() } });
  useDock.setState({ named: Object.keys(readKept().named) });
}

export function showArrangement(name: string): void {
  const kept = readKept().named[name];
  const { api } = useDock.getState();
  if (api && kept) api.fromJSON(kept);
}

export function forgetArrangement(name: string): void {
  const named = Object.entries(readKept().named).filter(([key]) => key !== name);
  keep({ named: Object.fromEntries(named) });
  useDock.setState({ named: named.map(([key]) => key) });
}
