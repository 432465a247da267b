import type { CSSProperties, ReactNode } from 'react';

/** A bar from the middle: right for plus, left for minus. The number always stands beside it. */
export function TwoWayBar({ value, most }: { value: number | null; most: number }): ReactNode {
  const share = value === null || !(most > 0) ? 0 : Math.min(1, Math.abs(value) / most);
  return (
    <span className="two-way" data-side={value !== null && value < 0 ? 'minus' : 'plus'} aria-hidden="true">
      <i style={{ '--size': `${share * 50}%` } as CSSProperties} />
    </span>
  );
}
