import type { ReactNode } from 'react';
import { sparkPath } from '../components/Sparkline';
import { thin } from '../panels/watchlist/SessionLine';

const width = 312;
const height = 78;
const pointsMost = 160;

/** The day's profit as a filled line. */
export function DayCurve({ values, tone }: { values: readonly number[]; tone: 'up' | 'down' | 'flat' }): ReactNode {
  const path = sparkPath(thin(values, pointsMost), undefined, width, height);
  if (!path) return <div style={{ height }} />;
  const color = tone === 'flat' ? 'var(--t3)' : `var(--${tone})`;
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      className="curve"
      role="img"
      aria-label="Day P&L over the day"
      preserveAspectRatio="none"
    >
      <path d={`${path.d}L${path.endX} ${height - 1}L1 ${height - 1}Z`} fill={color} opacity="0.18" />
      <path d={path.d} fill="none" stroke={color} strokeWidth="1.6" vectorEffect="non-scaling-stroke" />
      <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} stroke="var(--ctl)" strokeWidth="1" />
    </svg>
  );
}
