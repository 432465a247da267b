import type { ReactNode } from 'react';

export type TabName = 'home' | 'positions' | 'alerts' | 'stop';

const paths: Record<TabName, string> = {
  home: 'M4 19h16M5 15l4-5 4 3 6-8',
  positions: 'M5 6h14M5 12h14M5 18h9',
  alerts: 'M12 4a5 5 0 0 0-5 5v4l-2 3h14l-2-3V9a5 5 0 0 0-5-5zM10 19h4',
  stop: 'M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7z',
};

export function TabIcon({ name }: { name: TabName }): ReactNode {
  return (
    <svg
      viewBox="0 0 24 24"
      width="22"
      height="22"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      aria-hidden="true"
    >
      <path d={paths[name]} strokeLinejoin="round" strokeLinecap="round" />
    </svg>
  );
}
