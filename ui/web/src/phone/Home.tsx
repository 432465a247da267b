import { clock, format, type Limit, type Strategy } from '@robotrader/client';
import { useMemo, useState, type ReactNode } from 'react';
import { LimitBar } from '../components/LimitBar';
import { Mark } from '../components/Mark';
import { api, command } from '../live/api';
import { useDesk, useSilent } from '../live/desk';
import { ms, num, useZone } from '../live/lookups';
import { pointsOfToday } from '../panels/equity/today';
import { limitValue } from '../panels/limits/Limits';
import { strategyWords } from '../shell/words';
import { DayCurve } from './DayCurve';
import { RiskCard } from './RiskCard';

const limitsShown = 3;

/** Profit, curve, limits and strategies of the day. */
export function Home(): ReactNode {
  const state = useDesk((desk) => desk.state);
  const silent = useSilent();
  const zone = useZone();
  if (state === null) return <p className="phone-empty">Waiting for the engine.</p>;
  const { account } = state;
  const equity = pointsOfToday(state.equity, state.status.now, zone);
  const day = num(account.day_pnl);
  const profits = equity.map((row) => num(row.day_pnl));
  const tone = silent ? 'stale' : format.direction(day);
  return (
    <div className={silent ? 'stale' : ''}>
      <section className="card" aria-label="Day P&L">
        <h2 className="card-label">Day P&L</h2>
        <div className={`hero ${tone}`} data-testid="phone-pnl">
          {format.pnl(day)}
        </div>
        <p className="t2">
          {format.signedPercent(account.day_pnl_percent)} · realized {format.pnl(num(account.realized_pnl))} ·
          commission {format.money(-Math.abs(num(account.commission)))}
        </p>
        <DayCurve values={profits} tone={silent ? 'flat' : format.direction(day)} />
        <div className="curve-foot">
          <span>{clock.hourMinute(ms(equity[0]?.at ?? null), zone)}</span>
          {profits.length > 1 && (
            <span>
              low {format.pnlShort(Math.min(...profits))} · high {format.pnlShort(Math.max(...profits))}
            </span>
          )}
          <span>{clock.hourMinute(ms(equity.at(-1)?.at ?? null), zone)}</span>
        </div>
      </section>
      <section className="card card--row" aria-label="Net liquidation">
        <span className="t2">Net liquidation</span>
        <span>
          <strong className="phone-figure">{format.money(num(account.net_liquidation))}</strong>{' '}
          <span className="t3">{account.currency}</span>
        </span>
      </section>
      <LimitsCard limits={state.limits} />
      <RiskCard equity={num(account.net_liquidation)} currency={account.currency} />
      <StrategiesCard rows={state.strategies} />
    </div>
  );
}

/** The limits that are used most, the account's own first. */
function LimitsCard({ limits }: { limits: readonly Limit[] }): ReactNode {
  const shown = useMemo(
    () =>
      limits
        .slice()
        .sort((a, b) => b.use_percent - a.use_percent)
        .slice(0, limitsShown),
    [limits],
  );
  if (shown.length === 0) return null;
  return (
    <section className="card" aria-label="Limits">
      {shown.map((row) => (
        <div key={`${row.name}${row.subject}`} className="phone-limit">
          <div className="card--row">
            <span className="t2">
              {row.title} {row.subject}
            </span>
            <span>
              <strong className={`phone-figure ${row.state === 'hit' ? 'danger' : row.state === 'near' ? 'warn' : ''}`}>
                {limitValue(row.used, row.unit)}
              </strong>{' '}
              <span className="t3">of {limitValue(row.limit, row.unit)}</span>
            </span>
          </div>
          <LimitBar percent={row.use_percent} warn={row.warn_percent} level={row.state} label={`${row.title} used`} />
        </div>
      ))}
    </section>
  );
}

function StrategiesCard({ rows }: { rows: readonly Strategy[] }): ReactNode {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <section className="card card--list" aria-label="Strategies">
      {rows.map((row) => {
        const word = strategyWords[row.state];
        const runs = row.state === 'running' || row.state === 'warming';
        return (
          <div key={row.name} className="phone-row" data-testid={`strategy-${row.name}`}>
            <button
              type="button"
              className="phone-strategy"
              aria-expanded={open === row.name}
              onClick={() => setOpen((now) => (now === row.name ? null : row.name))}
            >
              <span className="t1 phone-name">{row.title}</span>
              <Mark shape={word.shape} tone={word.tone}>
                {word.word}
              </Mark>
              <span className={`num ${format.direction(num(row.day_pnl))}`}>{format.pnl(num(row.day_pnl))}</span>
            </button>
            {open === row.name && (
              <div className="phone-actions">
                <span className="t3">{row.state_reason}</span>
                <button
                  type="button"
                  className="btn"
                  disabled={!runs}
                  onClick={() => void command(api.pauseStrategy(row.name))}
                >
                  {runs ? `Pause ${row.title}` : 'Not running'}
                </button>
              </div>
            )}
          </div>
        );
      })}
      <p className="t3 phone-summary">{summary(rows)}</p>
    </section>
  );
}

function summary(rows: readonly Strategy[]): string {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const word = strategyWords[row.state].word.toLowerCase();
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts.size === 0
    ? 'No strategy is configured.'
    : [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}
