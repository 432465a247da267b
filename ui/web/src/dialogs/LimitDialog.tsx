import { format } from '@robotrader/client';
import { useState, type ReactNode } from 'react';
import { HoldButton } from '../components/HoldButton';
import { Modal } from '../components/Modal';
import { useHold } from '../components/useHold';
import { api, command } from '../live/api';
import { useDesk } from '../live/desk';
import { limitValue } from '../panels/limits/Limits';

/** Lowering a limit is quick; raising one needs a reason and a hold. */
export function LimitDialog({
  name,
  subject,
  onClose,
}: {
  name: string;
  subject: string;
  onClose: () => void;
}): ReactNode {
  const row = useDesk((desk) => desk.state?.limits.find((entry) => entry.name === name && entry.subject === subject));
  const [text, setText] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const value = text === null ? NaN : Number(text.replaceAll(',', ''));
  const outside = row !== undefined && text !== null && (!Number.isFinite(value) || value < row.min || value > row.max);
  const changed = row !== undefined && Number.isFinite(value) && value !== row.limit && !outside;
  const rises = row !== undefined && changed && value > row.limit;

  const send = (): void => {
    if (!changed) return;
    void command(api.setLimit(name, { value, reason: reason === '' ? null : reason })).then(
      (accepted) => accepted && onClose(),
    );
  };
  const hold = useHold(send);
  if (!row) return null;

  return (
    <Modal
      testId="limit-dialog"
      title={row.title}
      description={row.effect === '' ? undefined : `When hit: ${row.effect}.`}
      onClose={onClose}
      footer={
        <>
          {rises ? (
            <HoldButton
              hold={hold}
              idle="Hold to raise the limit"
              holding={(left) => `Keep holding to raise, ${left}`}
              disabled={reason.trim() === ''}
              testId="limit-hold"
            />
          ) : (
            <button
              type="button"
              className="btn btn--main"
              disabled={!changed}
              onClick={send}
              data-testid="limit-apply"
            >
              {changed ? `Lower to ${limitValue(value, row.unit)}` : 'No change'}
            </button>
          )}
          <span className="panel-space" />
          <button type="button" className="btn" onClick={onClose}>
            Close
          </button>
        </>
      }
    >
      <dl className="plan">
        <div>
          <dt>Used now</dt>
          <dd>
            {limitValue(row.used, row.unit)} of {limitValue(row.limit, row.unit)} {row.unit === '%' ? '' : row.unit},{' '}
            {format.percent(row.use_percent, 0)}
          </dd>
        </div>
        {changed && (
          <div>
            <dt>After</dt>
            <dd>
              {limitValue(value, row.unit)}, used{' '}
              {row.used === null || value === 0
                ? format.MISSING
                : format.percent((Math.abs(row.used) / value) * 100, 0)}
            </dd>
          </div>
        )}
      </dl>
      <label className="field">
        New limit, {format.quantity(row.min)} to {format.quantity(row.max)} {row.unit}
        <input
          className="input"
          inputMode="decimal"
          value={text ?? String(row.limit)}
          aria-invalid={outside}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <label className="field">
        Reason{rises ? ', needed to raise a limit' : ', kept in the audit trail'}
        <input className="input" value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
      </label>
    </Modal>
  );
}
