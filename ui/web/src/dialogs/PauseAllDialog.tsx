import { format } from '@robotrader/client';
import type { ReactNode } from 'react';
import { Modal } from '../components/Modal';
import { api, command } from '../live/api';
import { useDesk } from '../live/desk';

export function PauseAllDialog({ onClose }: { onClose: () => void }): ReactNode {
  const running =
    useDesk((desk) => desk.state?.strategies)?.filter((row) => row.state === 'running' || row.state === 'warming') ??
    [];
  const send = (): void => {
    void Promise.all(running.map((row) => command(api.pauseStrategy(row.name)))).then(
      (sent) => sent.every(Boolean) && onClose(),
    );
  };
  return (
    <Modal
      testId="pause-all-dialog"
      title="Pause all strategies"
      description="No new entries. Exits and stops keep working, positions stay."
      onClose={onClose}
      footer={
        <>
          <button type="button" className="btn btn--main" disabled={running.length === 0} onClick={send}>
            Pause {format.plural(running.length, 'strategy', 'strategies')}
          </button>
          <span className="panel-space" />
          <button type="button" className="btn" onClick={onClose}>
            Let them run
          </button>
        </>
      }
    >
      <p>{running.length === 0 ? 'None is running.' : running.map((row) => row.title).join(', ')}</p>
    </Modal>
  );
}
