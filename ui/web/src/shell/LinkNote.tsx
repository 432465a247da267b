import { clock, format, type Link, type ReconcileStep } from '@robotrader/client';
import { useEffect, useRef, type ReactNode } from 'react';
import { Glyph, type Shape, type Tone } from '../components/Mark';
import { connection, useDesk } from '../live/desk';
import { ms, useZone } from '../live/lookups';
import { onFrame, setText } from '../live/ticker';

/** What lies over the desk while the engine or IB is away. It never covers the banner and never stops a click on KILL. */
export function LinkNote(): ReactNode {
  const link = useDesk((desk) => desk.link);
  const known = useDesk((desk) => desk.state !== null);
  const gateway = useDesk((desk) => desk.state?.status.gateway);
  if (link.kind === 'connecting' && link.attempt === 0 && !known) return null;
  if (link.kind !== 'open') return <EngineAway link={link} />;
  if (gateway?.state === 'reconciling') return <Reconciling />;
  if (gateway?.state === 'disconnected') return <GatewayAway />;
  return null;
}

function EngineAway({ link }: { link: Exclude<Link, { kind: 'open' }> }): ReactNode {
  const wait = useRef<HTMLSpanElement>(null);
  const away = useRef<HTMLSpanElement>(null);
  const known = useDesk((desk) => desk.state !== null);
  useEffect(
    () =>
      onFrame((now) => {
        if (link.kind === 'refused') return;
        const left = link.kind === 'lost' ? Math.max(0, Math.ceil((link.retryAtMs - now) / 1000)) : 0;
        setText(
          wait.current,
          link.kind === 'lost' ? `Try ${link.attempt}, next in ${left} s.` : `Trying now, ${link.attempt}.`,
        );
        setText(away.current, format.age((now - link.sinceMs) / 1000));
      }),
    [link],
  );
  return (
    <aside className="link-note" data-testid="link-note" data-level="danger" role="alert">
      <h2 className="modal-title">
        <span className="danger">
          <Glyph shape="diamond" />
        </span>{' '}
        {link.kind === 'refused' ? 'The engine refused this page' : 'No connection to the engine'}
      </h2>
      {link.kind === 'refused' ? (
        <p>{link.text} Open the address that the engine printed when it started.</p>
      ) : (
        <p>
          {link.kind === 'lost' ? `${link.cause} ` : ''}
          {known && 'What you see is the last that was known and carries no colour. '}
          Orders that rest at IB stay there. The engine may trade on without this page; `robotrader flatten` works
          without both.
        </p>
      )}
      {link.kind !== 'refused' && link.attempt > 0 && (
        <p className="t2">
          Away for <span ref={away} className="t1" />. <span ref={wait} aria-hidden="true" />
        </p>
      )}
      {link.kind !== 'refused' && (
        <div className="modal-foot">
          {/* Never disabled: an attempt may hang, and a button that blinks cannot be pressed. */}
          <button type="button" className="btn" data-testid="try-now" onClick={() => connection.retryNow()}>
            Try now
          </button>
        </div>
      )}
    </aside>
  );
}

function GatewayAway(): ReactNode {
  const gateway = useDesk((desk) => desk.state?.status.gateway);
  const zone = useZone();
  if (!gateway) return null;
  return (
    <aside className="link-note" data-testid="gateway-note" data-level="danger" role="alert">
      <h2 className="modal-title">
        <span className="danger">
          <Glyph shape="diamond" />
        </span>{' '}
        The gateway is away
        {gateway.since !== null && <span className="t3"> since {clock.timeOfDay(ms(gateway.since), zone)}</span>}
      </h2>
      <p>
        {gateway.detail}
        {gateway.code !== 0 && ` (code ${gateway.code})`} New orders are refused. Orders that rest at IB stay there.
      </p>
      <p className="t2">
        {format.plural(gateway.retries, 'try', 'tries')} so far
        {gateway.retry_at !== null && `, next at ${clock.timeOfDay(ms(gateway.retry_at), zone)}`}.
      </p>
    </aside>
  );
}

const stepMarks: Record<ReconcileStep['state'], { shape: Shape; tone: Tone }> = {
  waiting: { shape: 'ring', tone: 'quiet' },
  running: { shape: 'diamond', tone: 'info' },
  done: { shape: 'dot', tone: 'up' },
  differs: { shape: 'triangle', tone: 'warn' },
};

function Reconciling(): ReactNode {
  const gateway = useDesk((desk) => desk.state?.status.gateway);
  const zone = useZone();
  if (!gateway) return null;
  return (
    <aside className="link-note" data-testid="reconcile-note" data-level="warn" role="status">
      <h2 className="modal-title">
        Reconciling with IB <span className="chip">new orders wait, cancels go</span>
      </h2>
      <p>{gateway.detail}</p>
      <dl className="plan plan--steps">
        {gateway.steps.map((step) => (
          <div key={step.name}>
            <dt className={stepMarks[step.state].tone === 'quiet' ? 't3' : 't1'}>
              <span className={stepMarks[step.state].tone}>
                <Glyph shape={stepMarks[step.state].shape} />
              </span>{' '}
              {step.name}
            </dt>
            <dd className={step.state === 'differs' ? 'warn' : ''}>{step.text}</dd>
            <dd className="t3 num">{step.state === 'running' ? 'now' : clock.timeOfDay(ms(step.at), zone)}</dd>
          </div>
        ))}
      </dl>
    </aside>
  );
}
