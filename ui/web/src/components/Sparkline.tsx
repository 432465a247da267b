import type { ReactNode } from 'react';

/** A line of the day, 50 by 15: dotted base, dot at the end, no fill and no axis. */
export function Sparkline({
  values,
  base,
  tone,
  width = 50,
  height = 15,
  label,
}: {
  values: readonly number[];
  base?: number | undefined;
  tone: 'up' | 'down' | 'flat' | 'quiet';
  width?: number;
  height?: number;
  label: string;
}): ReactNode {
  const path = sparkPath(values, base, width, height);
  const stroke = tone === 'up' ? 'var(--up)' : tone === 'down' ? 'var(--down)' : 'var(--t3)';
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {path && (
        <>
          {path.base !== null && (
            <line
              x1="0"
              x2={width}
              y1={path.base}
              y2={path.base}
              stroke="var(--ctl)"
              strokeDasharray="1 2"
              strokeWidth="0.8"
            />
          )}
          <path d={path.d} fill="none" stroke={stroke} strokeWidth="1.1" strokeLinejoin="round" />
          <circle cx={path.endX} cy={path.endY} r="1.7" fill={stroke} />
        </>
      )}
    </svg>
  );
}

export function sparkPath(
  values: readonly number[],
  base: number | undefined,
  width: number,
  height: number,
): { d: string; base: number | null; endX: number; endY: number } | null {
  if (values.length < 2) return null;
  const all = base === undefined ? values : [...values, base];
  const low = Math.min(...all);
  const high = Math.max(...all);
  const span = high - low || 1;
  const inner = height - 4;
  const y = (v: number): number => Math.round((2 + inner - ((v - low) / span) * inner) * 10) / 10;
  const x = (i: number): number => Math.round((1 + (i / (values.length - 1)) * (width - 4)) * 10) / 10;
  const d = values.map((v, i) => `${i === 0 ? 'M' : 'L'}${x(i)} ${y(v)}`).join('');
  const last = values.at(-1) ?? 0;
  return { d, base: base === undefined ? null : y(base), endX: x(values.length - 1), endY: y(last) };
}
