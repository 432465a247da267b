import { useState, type ReactNode } from 'react';
import { Modal } from '../components/Modal';
import { api, command } from '../live/api';

export function ResetDialog({ onClose }: { onClose: () => void }): ReactNode {
  const [reason, setReason] = useState('');
  const send = (): void => {
    void command(api.resetKill(reason.trim())).then((accepted) => accepted && onClose());
  };
  return (
    <Modal
      testId="reset-dialog"
      title="Let orders out again"
      description="The kill switch has fired. After the reset strategies that run may trade again."
      onClose={onClose}
      footer={
        <>
          <button
            type="button"
            className="btn btn--main"
            disabled={reason.trim() === ''}
            onClick={send}
            data-testid="reset-apply"
          >
            Reset the kill switch
          </button>
          <span className="panel-space" />
          <button type="button" className="btn" onClick={onClose}>
            Stay stopped
          </button>
        </>
      }
    >
      <label className="field">
        Reason, needed
        <input
          className="input"
          value={reason}
          maxLength={200}
          data-testid="reset-reason"
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
    </Modal>
  );
}
