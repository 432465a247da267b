import { useState, type ReactNode } from 'react';
import { Key } from '../components/Key';
import { Modal } from '../components/Modal';
import { forgetArrangement, resetArrangement, saveArrangement, showArrangement, useDock } from '../dock/dockStore';

/** Arrangements of the panels by name: keep the one on the screen, show another, go back to the first. */
export function LayoutsDialog({ onClose }: { onClose: () => void }): ReactNode {
  const named = useDock((dock) => dock.named);
  const [name, setName] = useState('');
  const wanted = name.trim();
  return (
    <Modal
      testId="layouts-dialog"
      title="Layouts"
      description="Panels are moved by their headers and sized by their edges. Layouts are kept on this computer."
      onClose={onClose}
      footer={
        <>
          <button
            type="button"
            className="btn"
            data-testid="layout-reset"
            onClick={() => {
              resetArrangement();
              onClose();
            }}
          >
            Back to the first layout <Key>Shift R</Key>
          </button>
          <span className="panel-space" />
          <button type="button" className="btn" onClick={onClose}>
            Close <Key>Esc</Key>
          </button>
        </>
      }
    >
      {named.length === 0 ? (
        <p className="t3">None is kept yet.</p>
      ) : (
        <ul className="layouts" data-testid="layouts">
          {named.map((entry) => (
            <li key={entry}>
              <button
                type="button"
                className="link"
                onClick={() => {
                  showArrangement(entry);
                  onClose();
                }}
              >
                {entry}
              </button>
              <button
                type="button"
                className="btn btn--small"
                aria-label={`Delete ${entry}`}
                onClick={() => forgetArrangement(entry)}
              >
                Delete
              </button>
            </li>
          ))}
        </ul>
      )}
      <form
        className="typed"
        onSubmit={(event) => {
          event.preventDefault();
          saveArrangement(wanted);
          setName('');
        }}
      >
        <label htmlFor="layout-name">Keep the one on the screen as</label>
        <input
          id="layout-name"
          className="input"
          value={name}
          maxLength={30}
          autoComplete="off"
          data-testid="layout-name"
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="btn" disabled={wanted === ''} data-testid="layout-save">
          Keep
        </button>
      </form>
    </Modal>
  );
}
