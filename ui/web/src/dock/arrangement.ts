// Where the panels of the trade workspace stand at first, and the arrangements a person has kept. On this computer only.

import type { SerializedDockview } from 'dockview-react';

export const dockPanels = ['watchlist', 'chart', 'ladder', 'tape', 'account', 'orders', 'control', 'log'] as const;
export type DockPanel = (typeof dockPanels)[number];

export const dockTitles: Record<DockPanel, string> = {
  watchlist: 'Watchlist',
  chart: 'Chart',
  ladder: 'Depth',
  tape: 'Trades',
  account: 'Account',
  orders: 'Orders and fills',
  control: 'Strategies and limits',
  log: 'Events',
};

type Node = SerializedDockview['grid']['root'];

function leaf(panel: DockPanel, size: number): Node {
  return { type: 'leaf', size, data: { views: [panel], activeView: panel, id: `at-${panel}`, hideHeader: true } };
}

/** The grid of the design, at 1440 by 900: chart and orders take what the others leave. */
export function firstArrangement(width: number, height: number): SerializedDockview {
  const top = Math.round((height * 466) / 814);
  const control = 210;
  const row = (size: number, data: Node[]): Node => ({ type: 'branch', size, data });
  return {
    grid: {
      root: row(width, [
        row(top, [
          leaf('watchlist', 252),
          leaf('chart', width - 252 - 264 - 222),
          leaf('ladder', 264),
          leaf('tape', 222),
        ]),
        row(height - top, [
          leaf('account', 516),
          leaf('orders', width - 516 - 376),
          row(376, [leaf('control', control), leaf('log', height - top - control)]),
        ]),
      ]),
      width,
      height,
      orientation: 'VERTICAL' as SerializedDockview['grid']['orientation'],
    },
    panels: Object.fromEntries(dockPanels.map((id) => [id, { id, contentComponent: id, title: dockTitles[id] }])),
  };
}

/** True when every panel stands in it once: an arrangement of another version, or damaged, must not lose one. */
export function isWhole(kept: unknown): kept is SerializedDockview {
  if (typeof kept !== 'object' || kept === null || !('panels' in kept) || !('grid' in kept)) return false;
  const names = Object.keys((kept as SerializedDockview).panels);
  const stood: string[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || !('data' in node)) return;
    const { data } = node;
    if (Array.isArray(data)) data.forEach(walk);
    else if (typeof data === 'object' && data !== null && 'views' in data && Array.isArray(data.views))
      stood.push(...(data.views as string[]));
  };
  walk((kept as SerializedDockview).grid.root);
  const same = (list: readonly string[]): boolean => [...list].sort().join() === [...dockPanels].sort().join();
  return same(names) && same(stood);
}

interface Kept {
  now: SerializedDockview | null;
  named: Record<string, SerializedDockview>;
}

const storageKey = 'robotrader.layouts';

export function readKept(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<Kept>;
    const named = Object.entries(kept.named ?? {}).filter(([, layout]) => isWhole(layout));
    return { now: isWhole(kept.now) ? kept.now : null, named: Object.fromEntries(named) };
  } catch {
    return { now: null, named: {} };
  }
}

export function keep(change: Partial<Kept>): void {
  localStorage.setItem(storageKey, JSON.stringify({ ...readKept(), ...change }));
}
