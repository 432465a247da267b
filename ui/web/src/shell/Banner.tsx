import { format, type Limit } from '@robotrader/client';
import { useEffect, useRef, type ReactNode } from 'react';
import { Key } from '../components/Key';
import { LimitBar } from '../components/LimitBar';
import { Mark } from '../components/Mark';
import { dataAgeSeconds, useDesk } from '../live/desk';
import { num } from '../live/lookups';
import { onFrame, setClass, setText } from '../live/ticker';
import { openDialog, openKill } from './dialogs';
import { gatewayMark, modeWords } from './words';
import { LinkCell } from './LinkCell';

/** The line that never lies and never hides: mode, gateway, age of data, loss, KILL. */
export function Banner(): ReactNode {
  const status = useDesk((desk) => desk.state?.status ?? null);
  const account = useDesk((desk) => desk.state?.account ?? null);
  const limits = useDesk((desk) => desk.state?.limits ?? noLimits);
  const silent = useDesk((desk) => desk.link.kind !== 'open');

  const mode = status?.mode ?? null;
  const dailyLoss = limits.find((row) => row.name.includes('daily_loss') && row.subject === '');
  const drawdown = limits.find((row) => row.name.includes('drawdown') && row.subject === '');
  const day = num(account?.day_pnl);
  const dead = silent ? 'stale' : '';

  return (
    <header className="banner" data-mode={mode ?? 'none'} aria-label="Engine state">
      <div className="banner-cell banner-mode">
        <span className="mode-pill" data-testid="mode-pill" data-mode={mode ?? 'none'}>
          {mode ?? 'NO ENGINE'}
        </span>
        <div>
          <Label>{mode === null ? 'No word from the server' : modeWords[mode]}</Label>
          <Value>{status?.account ?? format.MISSING}</Value>
        </div>
      </div>
      <Cell label="Gateway" testId="banner-gateway" live>
        {silent || status === null ? <LinkCell /> : <GatewayValue />}
      </Cell>
      {status !== null && status.kill.state === 'fired' ? <KillCells /> : <RestartCell dead={dead} />}
      <Cell label="Data age" testId="banner-age">
        <DataAge />
      </Cell>
      <Cell label="Tick → order p50 · p99" testId="banner-latency">
        <span className={dead}>
          {silent
            ? `${format.MISSING} · ${format.MISSING}`
            : latencyText(status?.tick_to_order_p50_us, status?.tick_to_order_p99_us)}
        </span>
      </Cell>
      <Cell label="Market-data lines" className="banner-optional">
        <Use
          used={status?.gateway.lines_used}
          most={status?.gateway.lines_max}
          label="market-data lines used"
          dead={dead}
        />
      </Cell>
      <Cell label="IB messages/s" className="banner-optional">
        <Use
          used={status?.gateway.messages_per_second}
          most={status?.gateway.messages_per_second_max}
          label="messages to IB a second"
          dead={dead}
        />
      </Cell>
      <Cell label="Net liquidation" testId="banner-equity">
        <span className={dead}>{format.money(num(account?.net_liquidation))}</span>
      </Cell>
      <Cell label="Day P&L" testId="banner-pnl">
        <span className={silent ? 'stale' : format.direction(day)}>{format.pnl(day)}</span>{' '}
        <span className={`banner-side ${dead}`}>{format.signedPercent(account?.day_pnl_percent)}</span>
      </Cell>
      <LimitCell
        title="Daily loss limit"
        limit={dailyLoss}
        dead={dead}
        shown={dailyLoss ? format.percent(dailyLoss.use_percent, 0) : format.MISSING}
      />
      <LimitCell
        title={drawdown ? 'Drawdown limit' : 'Drawdown'}
        limit={drawdown}
        dead={dead}
        shown={format.percent(account?.drawdown_percent, 2)}
        testId="banner-drawdown"
      />
      <span className="panel-space" />
      {status?.kill.state === 'fired' && (
        <button
          type="button"
          className="btn banner-reset"
          data-testid="reset-button"
          onClick={() => openDialog({ kind: 'reset' })}
        >
          Reset…
        </button>
      )}
      <button type="button" className="btn btn--danger banner-kill" data-testid="kill-button" onClick={openKill}>
        KILL <Key>Shift Esc</Key>
      </button>
    </header>
  );
}

const noLimits: readonly Limit[] = [];

function Label({ children }: { children: ReactNode }): ReactNode {
  return <div className="banner-label">{children}</div>;
}

function Value({ children }: { children: ReactNode }): ReactNode {
  return <div className="banner-value">{children}</div>;
}

function Cell({
  label,
  children,
  testId,
  className,
  live = false,
}: {
  label: ReactNode;
  children: ReactNode;
  testId?: string;
  className?: string;
  live?: boolean;
}): ReactNode {
  return (
    <div className={`banner-cell ${className ?? ''}`} data-testid={testId}>
      <Label>{label}</Label>
      <div className="banner-value" {...(live ? { role: 'status', 'aria-live': 'polite' as const } : {})}>
        {children}
      </div>
    </div>
  );
}

function GatewayValue(): ReactNode {
  const gateway = useDesk((desk) => desk.state?.status.gateway);
  if (!gateway) return format.MISSING;
  const mark = gatewayMark(gateway);
  return (
    <span title={gateway.detail}>
      <Mark shape={mark.shape} tone={mark.tone}>
        {mark.word}
      </Mark>{' '}
      {gateway.server_version > 0 && <span className="banner-side">v{gateway.server_version}</span>}
    </span>
  );
}

function RestartCell({ dead }: { dead: string }): ReactNode {
  const status = useDesk((desk) => desk.state?.status);
  const replayed = status?.mode === 'DEMO' || status?.mode === 'REPLAY';
  return (
    <Cell label={replayed ? 'Market' : 'Restart'} className="banner-market">
      <span className={`ellipsis ${dead}`} title={status?.market}>
        {status === undefined ? (
          format.MISSING
        ) : replayed ? (
          <Sources />
        ) : (
          <RestartIn at={status.gateway.restart_at} now={status.now} />
        )}
      </span>
    </Cell>
  );
}

/** The kinds of data on the screen, in short; the hover has the engine's own sentence. */
function Sources(): ReactNode {
  const instruments = useDesk((desk) => desk.state?.instruments);
  const kinds = [...new Set((instruments ?? []).map((row) => row.source.split(' ')[0] ?? ''))].filter(Boolean).sort();
  return kinds.length === 0 ? format.MISSING : kinds.join(', ');
}

function RestartIn({ at, now }: { at: string | null; now: string }): ReactNode {
  if (at === null) return format.MISSING;
  return <>in {format.countdown((Date.parse(at) - Date.parse(now)) / 1000)}</>;
}

function KillCells(): ReactNode {
  const kill = useDesk((desk) => desk.state?.status.kill);
  if (!kill) return null;
  return (
    <Cell label="Kill switch" testId="banner-killed" live>
      <Mark shape="diamond" tone="danger">
        Fired
      </Mark>{' '}
      <span className="banner-side">
        {kill.orders_cancelled} of {kill.orders_total} cancelled, {kill.positions_closed} of {kill.positions_total}{' '}
        closed
      </span>
    </Cell>
  );
}

/** Rises by itself when the feed stops: the one figure that must move when nothing else does. */
function DataAge(): ReactNode {
  const value = useRef<HTMLSpanElement>(null);
  const streams = useDesk(
    (desk) => desk.state && `${desk.state.status.streams_live}/${desk.state.status.streams_total} live`,
  );
  useEffect(
    () =>
      onFrame((now) => {
        const seconds = dataAgeSeconds(now);
        const lost = useDesk.getState().link.kind !== 'open';
        const old = lost || (seconds !== null && seconds > 3);
        setText(
          value.current,
          seconds === null ? format.MISSING : old ? `${format.age(seconds)} old` : format.age(seconds),
        );
        setClass(value.current, old ? 'warn' : '');
      }),
    [],
  );
  return (
    <>
      <span ref={value}>{format.MISSING}</span> <span className="banner-side">{streams}</span>
    </>
  );
}

function latencyText(p50: number | null | undefined, p99: number | null | undefined): string {
  return format.latencyPair(p50 == null ? null : p50 * 1000, p99 == null ? null : p99 * 1000);
}

function Use({
  used,
  most,
  label,
  dead,
}: {
  used: number | undefined;
  most: number | undefined;
  label: string;
  dead: string;
}): ReactNode {
  if (used === undefined || most === undefined || most === 0) return format.MISSING;
  const percent = (used / most) * 100;
  return (
    <span className={`banner-use ${dead}`}>
      <LimitBar
        percent={percent}
        warn={80}
        level={percent >= 100 ? 'hit' : percent >= 80 ? 'near' : 'ok'}
        label={label}
        width={32}
      />
      <span>
        {format.quantity(used)}
        <span className="banner-side">/{format.quantity(most)}</span>
      </span>
    </span>
  );
}

function LimitCell({
  title,
  limit,
  shown,
  dead,
  testId,
}: {
  title: string;
  limit: Limit | undefined;
  shown: string;
  dead: string;
  testId?: string;
}): ReactNode {
  const label = limit ? `${title} ${format.quantity(limit.limit)}${limit.unit === '%' ? ' %' : ''}` : title;
  return (
    <Cell label={label} {...(testId === undefined ? {} : { testId })}>
      {limit ? (
        <span className={`banner-use ${dead}`}>
          <LimitBar
            percent={limit.use_percent}
            warn={limit.warn_percent}
            level={limit.state}
            label={`${title} used`}
            width={32}
          />
          <span className={limit.state === 'hit' ? 'danger' : limit.state === 'near' ? 'warn' : ''}>{shown}</span>
        </span>
      ) : (
        shown
      )}
    </Cell>
  );
}
