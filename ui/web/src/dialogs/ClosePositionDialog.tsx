import { format } from '@robotrader/client';
import { useState, type ReactNode } from 'react';
import { Modal } from '../components/Modal';
import { api, command } from '../live/api';
import { useDesk } from '../live/desk';
import { decimalsOf, num, symbolOf } from '../live/lookups';
import { isAlive } from '../panels/orders/Orders';

export function ClosePositionDialog({ instrument, onClose }: { instrument: number; onClose: () => void }): ReactNode {
  const state = useDesk((desk) => desk.state);
  const [reason, setReason] = useState('');
  const position = state?.positions.find((row) => row.instrument === instrument);
  if (!state || !position) return null;
  const symbol = symbolOf(state, instrument);
  const quantity = num(position.quantity);
  const orders = state.orders.filter((row) => row.instrument === instrument && isAlive(row)).length;
  const send = (): void => {
    void command(api.closePosition(instrument, reason)).then((accepted) => accepted && onClose());
  };
  return (
    <Modal
      testId="close-dialog"
      title={`Close ${symbol}`}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="btn btn--danger" disabled={quantity === 0} onClick={send}>
            {quantity > 0 ? 'Sell' : 'Buy'} {format.quantity(Math.abs(quantity))} {symbol}
          </button>
          <span className="panel-space" />
          <button type="button" className="btn" onClick={onClose}>
            Keep it
          </button>
        </>
      }
    >
      <h3 className="modal-head">What will happen</h3>
      <dl className="plan">
        <div>
          <dt>Cancel</dt>
          <dd>
            {format.plural(orders, 'order')} of {symbol}
          </dd>
        </div>
        <div>
          <dt>Position</dt>
          <dd>{quantity === 0 ? 'is flat already' : `${format.quantity(quantity)} becomes 0`}</dd>
        </div>
        <div>
          <dt>Value</dt>
          <dd>
            {format.money(num(position.value), 0)} {position.currency}, last{' '}
            {format.price(num(position.last), decimalsOf(state, instrument))}
          </dd>
        </div>
        <div>
          <dt>Realizes</dt>
          <dd>about {format.pnl(num(position.unrealized_pnl))}</dd>
        </div>
      </dl>
      <label className="field">
        Reason, kept in the audit trail
        <input className="input" value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
      </label>
    </Modal>
  );
}
