import { format } from '@robotrader/client';
import type { ReactNode } from 'react';
import { Modal } from '../components/Modal';
import { api, command } from '../live/api';
import { useDesk } from '../live/desk';
import { decimalsOf, num, symbolOf } from '../live/lookups';
import { isAlive, orderText } from '../panels/orders/Orders';

const shownMost = 8;

export function CancelAllDialog({ onClose }: { onClose: () => void }): ReactNode {
  const state = useDesk((desk) => desk.state);
  const orders = state?.orders.filter(isAlive) ?? [];
  const send = (): void => {
    void command(api.cancelAll({ instrument: null, reason: null })).then((accepted) => accepted && onClose());
  };
  return (
    <Modal
      testId="cancel-all-dialog"
      title="Cancel all orders"
      description="Positions stay. Strategies go on and may send new orders."
      onClose={onClose}
      footer={
        <>
          <button type="button" className="btn btn--danger" disabled={orders.length === 0} onClick={send}>
            Cancel {format.plural(orders.length, 'order')}
          </button>
          <span className="panel-space" />
          <button type="button" className="btn" onClick={onClose}>
            Keep them
          </button>
        </>
      }
    >
      <h3 className="modal-head">What will happen</h3>
      <dl className="plan">
        {state &&
          orders.slice(0, shownMost).map((row) => (
            <div key={row.key}>
              <dt>{symbolOf(state, row.instrument)}</dt>
              <dd>
                {row.side} {format.quantity(num(row.quantity) - num(row.filled))}{' '}
                {orderText(row, decimalsOf(state, row.instrument))}, {row.purpose}
              </dd>
            </div>
          ))}
      </dl>
      {orders.length === 0 && <p>No order is working.</p>}
      {orders.length > shownMost && <p>and {orders.length - shownMost} more</p>}
      {orders.some((row) => row.purpose === 'stop') && (
        <p className="warn">Stops are among them: their positions are unprotected afterwards.</p>
      )}
    </Modal>
  );
}
