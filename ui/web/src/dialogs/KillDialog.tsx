import { useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import { HoldButton } from '../components/HoldButton';
import { Key } from '../components/Key';
import { Modal } from '../components/Modal';
import { useHold } from '../components/useHold';
import { useDesk } from '../live/desk';
import { say } from '../live/toasts';
import { isTextField } from '../shell/keys';
import { KillChoices } from './KillChoices';
import { killWords, planLines, useKill } from './useKill';

const verbs = { stop_entries: 'stop entries', cancel_entries: 'cancel entries', flatten: 'flatten' } as const;

/** KILL: stops entries while it is open, says what will happen, and acts after a hold or a typed word. */
export function KillDialog({ onClose }: { onClose: () => void }): ReactNode {
  const plan = useKill({ stopOnOpen: true });
  const state = useDesk((desk) => desk.state);
  const link = useDesk((desk) => desk.link.kind);
  const [typed, setTyped] = useState('');
  const [sending, setSending] = useState(false);
  const reasonId = useId();
  const typedId = useId();
  const word = killWords[plan.scope];

  const fire = (): void => {
    if (sending) return;
    setSending(true);
    void plan.fire().then((accepted) => {
      setSending(false);
      if (!accepted) return;
      say({ level: 'warn', text: `Kill switch: ${verbs[plan.scope]} sent. What it did is in Events.` });
      onClose();
    });
  };
  const hold = useHold(fire);
  const close = (): void => {
    hold.stop();
    plan.resume();
    onClose();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (isTextField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const choice = plan.choices[Number(event.key) - 1];
    if (choice) plan.setScope(choice.scope);
    else if (event.key.toLowerCase() === 'f' && !event.repeat && !sending && link === 'open') hold.start();
  };
  const onKeyUp = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() === 'f') hold.stop();
  };

  return (
    <Modal
      danger
      testId="kill-dialog"
      title={
        <>
          Stop trading on{' '}
          <span className="mode-pill mode-pill--inline" data-mode={state?.status.mode ?? 'none'}>
            {state?.status.mode ?? 'NO ENGINE'}
          </span>{' '}
          {state?.status.account}
        </>
      }
      description={
        link !== 'open'
          ? 'There is no connection to the engine. What you choose here cannot reach it: use `robotrader flatten`, which has a connection of its own.'
          : plan.entriesStopped
            ? 'Entries are already stopped since you opened this dialog. Choose how far to go.'
            : 'Stopping entries. Choose how far to go.'
      }
      onClose={close}
      onKeyDown={onKeyDown}
      onKeyUp={onKeyUp}
      footer={
        <>
          <HoldButton
            hold={hold}
            idle={`Hold to ${verbs[plan.scope]}`}
            holding={(left) => `Keep holding to ${verbs[plan.scope]}, ${left}`}
            disabled={sending || link !== 'open'}
            testId="kill-hold"
          />
          <span className="t2">
            or hold <Key>F</Key>
          </span>
          <span className="panel-space" />
          <button type="button" className="btn" onClick={close} data-testid="kill-close">
            Close, resume entries
          </button>
        </>
      }
    >
      <KillChoices choices={plan.choices} scope={plan.scope} onChoose={plan.setScope} />
      <h3 className="modal-head">What will happen</h3>
      <dl className="plan" data-testid="kill-plan">
        {plan.preview && state
          ? planLines(plan.scope, plan.preview, state).map((line, place) => (
              <div key={`${line.label}${place}`}>
                <dt>{line.label}</dt>
                <dd className={line.warn ? 'warn' : ''}>{line.text}</dd>
              </div>
            ))
          : (plan.problem ?? 'Asking the engine')}
      </dl>
      <label className="field" htmlFor={reasonId}>
        Reason, kept in the audit trail
      </label>
      <input
        id={reasonId}
        className="input"
        value={plan.reason}
        maxLength={200}
        onChange={(event) => plan.setReason(event.target.value)}
      />
      <div className="typed">
        <label htmlFor={typedId}>
          Instead of holding, type <strong className="t1">{word}</strong>
        </label>
        <input
          id={typedId}
          className="input"
          autoComplete="off"
          value={typed}
          data-testid="kill-typed"
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && typed.trim().toUpperCase() === word) fire();
          }}
        />
        <button
          type="button"
          className="btn btn--danger"
          disabled={typed.trim().toUpperCase() !== word || sending || link !== 'open'}
          onClick={fire}
          data-testid="kill-typed-send"
        >
          Send
        </button>
      </div>
    </Modal>
  );
}
