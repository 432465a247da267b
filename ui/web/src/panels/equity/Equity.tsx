import { clock, format, type EquityPoint } from '@robotrader/client';
import { useEffect, useMemo, useRef, type ReactNode } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { Empty } from '../../components/Empty';
import { Panel } from '../../components/Panel';
import { useDesk, useSilent } from '../../live/desk';
import { ms, num, useZone } from '../../live/lookups';
import { cssColor, useLook } from '../../theme/theme';
import { pointsOfToday } from './today';

/** Day P&L above, drawdown from the day's peak below, over one time axis. */
export function Equity({ tabs }: { tabs?: ReactNode }): ReactNode {
  const all = useDesk((desk) => desk.state?.equity ?? none);
  const now = useDesk((desk) => desk.state?.status.now ?? '');
  const account = useDesk((desk) => desk.state?.account ?? null);
  const silent = useSilent();
  const zone = useZone();
  const points = useMemo(() => pointsOfToday(all, now, zone), [all, now, zone]);
  const columns = useMemo(() => toColumns(points), [points]);
  const low = points.reduce((least, row) => Math.min(least, row.drawdown_percent), 0);
  return (
    <Panel
      id="equity"
      title={tabs ?? 'Equity and drawdown'}
      subject={account?.currency}
      className={silent ? 'stale' : ''}
      actions={
        <span className="t3">
          Net liquidation <span className="t1">{format.money(num(account?.net_liquidation))}</span> · deepest{' '}
          <span className={low < 0 ? 'down' : 't1'}>{format.percent(low, 2)}</span>
        </span>
      }
    >
      {points.length < 2 ? (
        <Empty title="No curve yet">The first points appear within a few seconds of trading.</Empty>
      ) : (
        <div className="equity-charts">
          <TimeLine
            label="Day P&L"
            columns={[columns.at, columns.pnl]}
            zone={zone}
            color="--c1"
            write={format.pnlShort}
            grow={2}
          />
          <TimeLine
            label="Drawdown"
            columns={[columns.at, columns.drawdown]}
            zone={zone}
            color="--down"
            write={writeDrawdown}
            grow={1}
            floor={-0.1}
          />
        </div>
      )}
    </Panel>
  );
}

const none: readonly EquityPoint[] = [];
const writeDrawdown = (value: number): string => format.percent(value, 2);

function toColumns(points: readonly EquityPoint[]): { at: number[]; pnl: number[]; drawdown: number[] } {
  return {
    at: points.map((row) => ms(row.at) / 1000),
    pnl: points.map((row) => num(row.day_pnl)),
    drawdown: points.map((row) => row.drawdown_percent),
  };
}

function TimeLine({
  label,
  columns,
  zone,
  color,
  write,
  grow,
  floor,
}: {
  label: string;
  columns: [number[], number[]];
  zone: string;
  color: string;
  write: (value: number) => string;
  grow: number;
  floor?: number;
}): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const theme = useLook((look) => `${look.theme}${look.pair}`);
  const latest = useRef(columns);
  useEffect(() => {
    latest.current = columns;
    plot.current?.setData(columns);
  }, [columns]);

  useEffect(() => {
    const node = host.current;
    if (node === null) return;
    const axis = {
      stroke: cssColor('--t3'),
      grid: { stroke: cssColor('--line1'), width: 1 },
      ticks: { show: false },
      font: '10px "IBM Plex Sans"',
    };
    const chart = new uPlot(
      {
        width: Math.max(80, node.clientWidth),
        height: Math.max(40, node.clientHeight),
        legend: { show: false },
        cursor: { y: false, points: { show: false } },
        padding: [8, 8, 0, 0],
        scales: {
          y: {
            range: (_self, min, max) => {
              const bottom = floor === undefined ? Math.min(0, min) : Math.min(floor, min * 1.1);
              const top = floor === undefined ? Math.max(0, max) : 0;
              const room = (top - bottom) * 0.06 || 1;
              return [bottom - room, floor === undefined ? top + room : 0];
            },
          },
        },
        axes: [
          { ...axis, size: 20, values: (_self, values) => values.map((value) => clock.hourMinute(value * 1000, zone)) },
          { ...axis, side: 1, size: 54, values: (_self, values) => values.map(write) },
        ],
        series: [{}, { stroke: cssColor(color), width: 1.2, fill: `${cssColor(color)}1f`, points: { show: false } }],
      },
      latest.current,
      node,
    );
    plot.current = chart;
    const observer = new ResizeObserver(() =>
      chart.setSize({ width: Math.max(80, node.clientWidth), height: Math.max(40, node.clientHeight) }),
    );
    observer.observe(node);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = null;
    };
    // A new theme makes a new chart: a canvas cannot follow CSS variables.
  }, [zone, color, write, floor, theme]);

  const last = columns[1].at(-1);
  return (
    <div className="timeline" style={{ flex: grow }}>
      <div className="timeline-label">
        {label} <span className="t1 medium">{last === undefined ? '' : write(last)}</span>
      </div>
      <div
        ref={host}
        className="timeline-plot"
        role="img"
        aria-label={`${label} over the day, now ${last === undefined ? 'unknown' : write(last)}`}
      />
    </div>
  );
}
