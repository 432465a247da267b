import type { ReactNode } from 'react';

export type BarLevel = 'ok' | 'near' | 'hit';

/** How much of a limit is used, with its warning mark. The number always stands beside it. */
export function LimitBar({
  percent,
  warn,
  level,
  label,
  width,
}: {
  percent: number;
  warn?: number | undefined;
  level: BarLevel;
  label: string;
  width?: number | undefined;
}): ReactNode {
  const shown = Math.max(0, Math.min(100, Number.isFinite(percent) ? percent : 0));
  return (
    <span
      className="bar"
      data-level={level}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(shown)}
      style={width === undefined ? undefined : { width, flex: 'none' }}
    >
      <i style={{ width: `${shown}%` }} />
      {warn !== undefined && warn > 0 && warn < 100 && level === 'ok' && <b style={{ left: `${warn}%` }} />}
    </span>
  );
}
