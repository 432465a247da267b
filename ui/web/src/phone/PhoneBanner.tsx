import { clock, format } from '@robotrader/client';
import { useEffect, useRef, type ReactNode } from 'react';
import { Mark } from '../components/Mark';
import { dataAgeSeconds, useDesk } from '../live/desk';
import { ms, useZone } from '../live/lookups';
import { onFrame, setClass, setText } from '../live/ticker';
import { LinkCell } from '../shell/LinkCell';
import { gatewayMark } from '../shell/words';
import type { TabName } from './TabIcon';

/** The same line as on the desk, as much of it as fits a hand. */
export function PhoneBanner({ tab }: { tab: TabName }): ReactNode {
  const status = useDesk((desk) => desk.state?.status ?? null);
  const account = useDesk((desk) => desk.state?.account ?? null);
  const silent = useDesk((desk) => desk.link.kind !== 'open');
  const zone = useZone();
  const age = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      onFrame((now) => {
        const seconds = dataAgeSeconds(now);
        const old = useDesk.getState().link.kind !== 'open' || (seconds !== null && seconds > 3);
        setText(age.current, seconds === null ? format.MISSING : `${format.age(seconds)} old`);
        setClass(age.current, old ? 'warn' : 't3');
      }),
    [],
  );
  const mark = status === null ? null : gatewayMark(status.gateway);
  const agrees = account?.agrees_with_broker === 'agrees';
  return (
    <header className="phone-banner" data-mode={status?.mode ?? 'none'} aria-label="Engine state">
      <span className="mode-pill" data-testid="mode-pill" data-mode={status?.mode ?? 'none'}>
        {status?.mode ?? 'NO ENGINE'}
      </span>
      <span role="status" aria-live="polite" className="phone-gateway">
        {silent || mark === null ? (
          <LinkCell />
        ) : status?.kill.state === 'fired' ? (
          <Mark shape="diamond" tone="danger">
            Kill fired
          </Mark>
        ) : (
          <Mark shape={mark.shape} tone={mark.tone}>
            {mark.word}
          </Mark>
        )}
      </span>
      <span className="panel-space" />
      {tab === 'positions' && !silent ? (
        <span className={agrees ? 't3' : 'warn'}>
          {agrees
            ? `agrees with IB ${clock.timeOfDay(ms(account.reconciled_at), zone)}`
            : (account?.agreement_text ?? '')}
        </span>
      ) : tab === 'stop' ? (
        <span className="t3">{status?.account}</span>
      ) : (
        <span ref={age} className="t3" data-testid="banner-age" />
      )}
    </header>
  );
}
