import { useId, useState, type ReactNode } from 'react';
import { holdMs, useHold } from '../components/useHold';
import { KillChoices } from '../dialogs/KillChoices';
import { killWords, planLines, useKill } from '../dialogs/useKill';
import { useDesk } from '../live/desk';
import { say } from '../live/toasts';

const radius = 88;
const around = 2 * Math.PI * radius;

function buzz(): void {
  if ('vibrate' in navigator) navigator.vibrate(30);
}

/** The emergency stop as a page of its own: choose how far, read what will happen, hold. */
export function Stop(): ReactNode {
  const plan = useKill({ stopOnOpen: false });
  const state = useDesk((desk) => desk.state);
  const linked = useDesk((desk) => desk.link.kind === 'open');
  const [sending, setSending] = useState(false);
  const [typed, setTyped] = useState('');
  const typedId = useId();
  const word = killWords[plan.scope];
  const fire = (): void => {
    if (sending) return;
    buzz();
    setSending(true);
    void plan.fire().then((accepted) => {
      setSending(false);
      setTyped('');
      if (accepted) say({ level: 'warn', text: 'Kill switch sent. What it did is in Alerts.' });
    });
  };
  const hold = useHold(fire);
  const blocked = sending || !linked;
  const lines = plan.preview && state ? planLines(plan.scope, plan.preview, state) : [];
  return (
    <>
      <div className="phone-head phone-head--tall">
        <h2>Emergency stop</h2>
        <p className="t2">Works without the web desk. Everything is logged.</p>
      </div>
      <section className="card card--choices" aria-label="How far to go">
        <KillChoices choices={plan.choices} scope={plan.scope} onChoose={plan.setScope} keys={false} />
      </section>
      <section className="card" aria-label="What will happen">
        <h3 className="card-label">What will happen</h3>
        <dl className="plan plan--phone">
          {lines.length === 0 && (plan.problem ?? 'Asking the engine')}
          {lines.map((line, place) => (
            <div key={`${line.label}${place}`}>
              <dt>{line.label}</dt>
              <dd className={line.warn ? 'warn' : ''}>{line.text}</dd>
            </div>
          ))}
        </dl>
      </section>
      <button
        type="button"
        className="stop-ring"
        disabled={blocked}
        data-testid="stop-hold"
        aria-label={`Hold 1.5 seconds: ${plan.choices.find((choice) => choice.scope === plan.scope)?.title ?? ''}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          buzz();
          hold.start();
        }}
        onPointerUp={hold.stop}
        onPointerCancel={hold.stop}
        onContextMenu={(event) => event.preventDefault()}
        onKeyDown={(event) => {
          if ((event.key === ' ' || event.key === 'Enter') && !event.repeat) {
            event.preventDefault();
            hold.start();
          }
        }}
        onKeyUp={hold.stop}
        onBlur={hold.stop}
      >
        <svg viewBox="0 0 192 192" aria-hidden="true">
          <circle cx="96" cy="96" r={radius} fill="none" stroke="var(--line2)" strokeWidth="8" />
          <circle
            cx="96"
            cy="96"
            r={radius}
            fill="none"
            stroke="var(--danger-t)"
            strokeWidth="8"
            strokeDasharray={`${around * hold.held} ${around}`}
            transform="rotate(-90 96 96)"
          />
          <circle cx="96" cy="96" r="78" fill={blocked ? 'var(--bg3)' : 'var(--danger)'} />
        </svg>
        <span>
          <strong>{hold.held > 0 ? 'Keep holding' : 'Hold to stop'}</strong>
          {hold.held > 0 && `${(((1 - hold.held) * holdMs) / 1000).toFixed(1)} s`}
        </span>
      </button>
      <p className="phone-note phone-note--middle">
        {linked ? 'Hold 1.5 s. Let go to cancel.' : 'No connection to the engine: nothing can be sent.'}
      </p>
      <div className="typed typed--phone">
        <label htmlFor={typedId}>
          Or type <strong className="t1">{word}</strong>
        </label>
        <input
          id={typedId}
          className="input"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <button
          type="button"
          className="btn btn--danger"
          disabled={typed.trim().toUpperCase() !== word || blocked}
          onClick={fire}
        >
          Send
        </button>
      </div>
    </>
  );
}
