import { format, type Regime, type RegimeName, type Strategy } from '@robotrader/client';
import { useMemo, type KeyboardEvent, type ReactNode } from 'react';
import { Empty } from '../../components/Empty';
import { LimitBar } from '../../components/LimitBar';
import { Mark } from '../../components/Mark';
import { Panel } from '../../components/Panel';
import { Sparkline } from '../../components/Sparkline';
import { useRowCursor } from '../../components/useRowCursor';
import { api, command } from '../../live/api';
import { useDesk, useSilent } from '../../live/desk';
import { num } from '../../live/lookups';
import { openDialog } from '../../shell/dialogs';
import { strategyWords } from '../../shell/words';

/** Starts what does not run, pauses what does. */
export function toggleStrategy(row: Strategy): void {
  const runs = row.state === 'running' || row.state === 'warming';
  void command(runs ? api.pauseStrategy(row.name) : api.startStrategy(row.name));
}

/** Every strategy with its switch, state, weight and profit. */
export function Strategies({ tabs }: { tabs?: ReactNode }): ReactNode {
  const rows = useDesk((desk) => desk.state?.strategies ?? none);
  const regimes = useDesk((desk) => desk.state?.regimes ?? noRegimes);
  const account = useDesk((desk) => desk.state?.account ?? null);
  const silent = useSilent();
  const keys = useMemo(() => rows.map((row) => row.name), [rows]);
  const cursor = useRowCursor(keys, { onEnter: (name) => openDialog({ kind: 'parameters', strategy: name }) });
  const running = rows.filter((row) => row.state === 'running').length;
  const weight = rows.reduce((sum, row) => sum + (row.state === 'shadow' ? 0 : row.weight_percent), 0);

  const onKey = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget.querySelector('.pane')) return;
    const row = rows.find((entry) => entry.name === cursor.cursor);
    if (event.key !== ' ' || !row) return;
    event.preventDefault();
    toggleStrategy(row);
  };

  return (
    <Panel
      id="strategies"
      title={tabs ?? 'Strategies'}
      subject={`${running} running`}
      onKey={onKey}
      actions={<RegimeChip regimes={regimes} />}
    >
      <div
        className={`scroll pane ${silent ? 'stale' : ''}`}
        {...cursor.paneProps}
        aria-label="Strategies"
        aria-rowcount={rows.length}
      >
        {rows.length === 0 ? (
          <Empty title="No strategies">None is configured. The engine trades nothing by itself.</Empty>
        ) : (
          <table className="grid" role="presentation">
            <colgroup>
              <col style={{ width: 32 }} />
              <col />
              <col style={{ width: 74 }} />
              <col style={{ width: 56 }} />
              <col style={{ width: 52 }} />
              <col style={{ width: 72 }} />
            </colgroup>
            <thead>
              <tr role="row">
                <th role="columnheader">
                  <span className="visually-hidden">Switch</span>
                </th>
                <th role="columnheader">Strategy</th>
                <th role="columnheader">State</th>
                <th role="columnheader" className="num">
                  Weight
                </th>
                <th role="columnheader" className="num">
                  Today
                </th>
                <th role="columnheader" className="num">
                  Day P&L
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.name} role="row" {...cursor.rowProps(row.name)} data-testid={`strategy-${row.name}`}>
                  <StrategyCells row={row} />
                </tr>
              ))}
              <tr className="total" role="row">
                <td role="gridcell" />
                <td role="gridcell">Account</td>
                <td role="gridcell" />
                <td role="gridcell" className="num">
                  {format.percent(weight, 0)}
                </td>
                <td role="gridcell" />
                <td role="gridcell" className={`num ${format.direction(num(account?.day_pnl))}`}>
                  {format.pnl(num(account?.day_pnl))}
                </td>
              </tr>
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}

const none: readonly Strategy[] = [];
/** The row of a list by instrument that stands for the market as a whole. */
const wholeMarket = 4294967295;
const noRegimes: readonly Regime[] = [];

function StrategyCells({ row }: { row: Strategy }): ReactNode {
  const word = strategyWords[row.state];
  const runs = row.state === 'running' || row.state === 'warming';
  const shadow = row.state === 'shadow';
  const day = num(row.day_pnl);
  return (
    <>
      <td role="gridcell">
        <button
          type="button"
          className="switch-hit"
          role="switch"
          aria-checked={runs}
          aria-label={`${runs ? 'Pause' : 'Start'} ${row.title}`}
          data-testid={`switch-${row.name}`}
          onClick={(event) => {
            event.stopPropagation();
            toggleStrategy(row);
          }}
        >
          <span className="switch" data-at={runs ? 'on' : row.state === 'paused' || shadow ? 'middle' : 'off'} />
        </button>
      </td>
      <td role="gridcell">
        <button
          type="button"
          className={`link ${row.state === 'off' ? 't3' : 't1'}`}
          title={row.help}
          onClick={() => openDialog({ kind: 'parameters', strategy: row.name })}
        >
          {row.title}
        </button>
      </td>
      <td role="gridcell" title={row.state_reason} data-testid={`state-${row.name}`}>
        <Mark shape={word.shape} tone={word.tone}>
          {word.word}
        </Mark>
      </td>
      <td role="gridcell" className="num">
        <span className="weight">
          <LimitBar percent={row.weight_percent} level="ok" label={`weight of ${row.title}`} width={16} />
          <span className={shadow ? 't3' : 't1'}>{format.percent(row.weight_percent, 0)}</span>
        </span>
      </td>
      <td role="gridcell" className="num">
        <Sparkline
          values={row.day_line}
          base={0}
          width={46}
          tone={shadow || row.state === 'off' ? 'quiet' : format.direction(row.day_line.at(-1))}
          label={`${row.title} today`}
        />
      </td>
      <td role="gridcell" className={`num ${shadow ? 't3' : format.direction(day)}`}>
        {shadow ? `(${format.pnl(day)})` : format.pnl(day)}
      </td>
    </>
  );
}

const regimeShare: Record<Exclude<RegimeName, 'unknown'>, (row: Regime) => number> = {
  trending: (row) => row.p_trending,
  ranging: (row) => row.p_ranging,
  volatile: (row) => row.p_volatile,
  crisis: (row) => row.p_crisis,
};

/** The regime of the market as a whole, or of the chosen symbol where the engine has none for the whole. */
function RegimeChip({ regimes }: { regimes: readonly Regime[] }): ReactNode {
  const selected = useDesk((desk) => desk.selected);
  const row =
    regimes.find((entry) => entry.instrument === wholeMarket) ?? regimes.find((entry) => entry.instrument === selected);
  if (!row) return null;
  const share = row.held === 'unknown' ? null : regimeShare[row.held](row);
  return (
    <span className="t3">
      Regime <span className="chip">{share === null ? 'unknown' : `${row.held} ${share.toFixed(2)}`}</span>
    </span>
  );
}
