import type { ReactNode } from 'react';
import { Key } from '../components/Key';
import { Modal } from '../components/Modal';
import { keyTables } from '../keys/keyTables';

export function HelpDialog({ onClose }: { onClose: () => void }): ReactNode {
  return (
    <Modal
      wide
      testId="help-dialog"
      title="Keys"
      description="Letters act where no text is being written. No key sends an order without a dialog."
      onClose={onClose}
      footer={
        <>
          <span className="panel-space" />
          <button type="button" className="btn" onClick={onClose}>
            Close
          </button>
        </>
      }
    >
      <div className="help">
        {keyTables.map((table) => (
          <section key={table.title} aria-label={table.title}>
            <h3 className="modal-head">{table.title}</h3>
            <dl>
              {table.keys.map((entry) => (
                <div key={entry.does}>
                  <dt>
                    {entry.keys.map((key) => (
                      <Key key={key}>{key}</Key>
                    ))}
                  </dt>
                  <dd>{entry.does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
