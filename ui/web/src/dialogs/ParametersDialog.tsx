import { format, type Parameter, type Strategy } from '@robotrader/client';
import { useState, type ReactNode } from 'react';
import { Mark } from '../components/Mark';
import { Modal } from '../components/Modal';
import { api, command } from '../live/api';
import { useDesk } from '../live/desk';
import { num } from '../live/lookups';
import { say } from '../live/toasts';
import { strategyWords } from '../shell/words';
import { checkDraft, changesOf, type Drafts } from './drafts';

/** A strategy's settings. Edits are drafts until the difference has been read and applied. */
export function ParametersDialog({ strategy, onClose }: { strategy: string; onClose: () => void }): ReactNode {
  const row = useDesk((desk) => desk.state?.strategies.find((entry) => entry.name === strategy));
  const [drafts, setDrafts] = useState<Drafts>({});
  const [reviewing, setReviewing] = useState(false);
  const [reason, setReason] = useState('');
  if (!row) return null;
  const changes = changesOf(row.parameters, drafts);
  const faulty = row.parameters.some((entry) => checkDraft(entry, drafts[entry.name]) !== null);

  const apply = (): void => {
    void (async () => {
      for (const change of changes) {
        const accepted = await command(
          api.setParameter(row.name, change.name, { value: change.to, reason: reason === '' ? null : reason }),
        );
        if (!accepted) return;
      }
      say({ level: 'plain', text: `${row.title}: ${format.plural(changes.length, 'parameter')} sent.` });
      setDrafts({});
      setReviewing(false);
    })();
  };

  return (
    <Modal
      wide
      testId="parameters-dialog"
      title={row.title}
      description={row.help}
      onClose={onClose}
      footer={
        reviewing ? (
          <>
            <button type="button" className="btn btn--main" onClick={apply} data-testid="parameters-apply">
              Apply {format.plural(changes.length, 'change')}
            </button>
            <button type="button" className="btn" onClick={() => setReviewing(false)}>
              Back to editing
            </button>
            <span className="panel-space" />
            <button type="button" className="btn" onClick={onClose}>
              Discard
            </button>
          </>
        ) : (
          <>
            <StateButtons row={row} />
            <span className="panel-space" />
            <button
              type="button"
              className="btn btn--main"
              disabled={changes.length === 0 || faulty}
              onClick={() => setReviewing(true)}
              data-testid="parameters-review"
            >
              {changes.length === 0 ? 'No change' : `Review ${format.plural(changes.length, 'change')}`}
            </button>
            <button type="button" className="btn" onClick={onClose}>
              Close
            </button>
          </>
        )
      }
    >
      <StrategyFacts row={row} />
      {reviewing ? (
        <>
          <h3 className="modal-head">What will change</h3>
          <dl className="plan" data-testid="parameters-diff">
            {changes.map((change) => (
              <div key={change.name}>
                <dt>{change.name}</dt>
                <dd>
                  <span className="t3">{format.quantity(change.from)}</span> to{' '}
                  <strong className="own">{format.quantity(change.to)}</strong> {change.unit}
                </dd>
              </div>
            ))}
          </dl>
          <p className="t2">The strategy takes the new values with the next event. Open positions stay.</p>
          <label className="field">
            Reason, kept in the audit trail
            <input
              className="input"
              value={reason}
              maxLength={200}
              onChange={(event) => setReason(event.target.value)}
            />
          </label>
        </>
      ) : (
        <table className="grid parameters">
          <colgroup>
            <col style={{ width: 150 }} />
            <col style={{ width: 110 }} />
            <col style={{ width: 130 }} />
            <col />
          </colgroup>
          <thead>
            <tr>
              <th>Parameter</th>
              <th className="num">Value</th>
              <th>Range</th>
              <th>Meaning</th>
            </tr>
          </thead>
          <tbody>
            {row.parameters.map((entry) => (
              <ParameterRow
                key={entry.name}
                entry={entry}
                draft={drafts[entry.name]}
                onDraft={(text) => setDrafts((before) => ({ ...before, [entry.name]: text }))}
              />
            ))}
          </tbody>
        </table>
      )}
    </Modal>
  );
}

function StrategyFacts({ row }: { row: Strategy }): ReactNode {
  const word = strategyWords[row.state];
  const day = num(row.day_pnl);
  return (
    <p className="facts">
      <Mark shape={word.shape} tone={word.tone}>
        {word.word}
      </Mark>
      {row.state_reason !== '' && <span className="t2">{row.state_reason}</span>}
      <span>
        Day <span className={format.direction(day)}>{format.pnl(day)}</span>
      </span>
      <span>weight {format.percent(row.weight_percent)}</span>
      <span className="t3">
        {format.plural(row.signals, 'signal')}, {format.plural(row.orders, 'order')}, {format.plural(row.fills, 'fill')}
      </span>
    </p>
  );
}

function StateButtons({ row }: { row: Strategy }): ReactNode {
  const runs = row.state === 'running' || row.state === 'warming';
  return (
    <>
      <button
        type="button"
        className="btn"
        disabled={runs}
        data-testid="strategy-start"
        onClick={() => void command(api.startStrategy(row.name))}
      >
        {row.state === 'paused' ? 'Resume' : 'Start'}
      </button>
      <button
        type="button"
        className="btn"
        disabled={!runs}
        data-testid="strategy-pause"
        onClick={() => void command(api.pauseStrategy(row.name))}
      >
        Pause
      </button>
      <button
        type="button"
        className="btn"
        disabled={row.state === 'off'}
        data-testid="strategy-stop"
        onClick={() => void command(api.stopStrategy(row.name))}
      >
        Stop
      </button>
    </>
  );
}

function ParameterRow({
  entry,
  draft,
  onDraft,
}: {
  entry: Parameter;
  draft: string | undefined;
  onDraft: (text: string) => void;
}): ReactNode {
  const fault = checkDraft(entry, draft);
  const id = `parameter-${entry.name}`;
  return (
    <tr>
      <td className="t1 ellipsis" title={entry.name}>
        <label htmlFor={id}>{entry.name}</label>
      </td>
      <td className="num">
        <input
          id={id}
          className="input input--number"
          inputMode="decimal"
          value={draft ?? String(entry.value)}
          disabled={entry.fixed}
          aria-invalid={fault !== null}
          aria-describedby={`${id}-range`}
          data-testid={id}
          onChange={(event) => onDraft(event.target.value)}
        />
      </td>
      <td id={`${id}-range`} className={fault === null ? 't3' : 'danger'}>
        {fault ?? `${format.quantity(entry.min)} to ${format.quantity(entry.max)} ${entry.unit}`}
      </td>
      <td className="parameter-help">
        {entry.help}{' '}
        <span className="t3">
          {entry.fixed
            ? 'Shapes what is computed: set it in the configuration.'
            : `Starts at ${format.quantity(entry.initial)}.`}
        </span>
      </td>
    </tr>
  );
}
