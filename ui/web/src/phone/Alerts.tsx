import { clock } from '@robotrader/client';
import type { ReactNode } from 'react';
import { Glyph } from '../components/Mark';
import { api, command } from '../live/api';
import { useZone } from '../live/lookups';
import type { Alert, AlertList } from './useAlerts';

/** What needs a person, and what one can do about it from a phone. */
export function Alerts({ items, markAllRead }: AlertList): ReactNode {
  const current = items.filter((item) => item.current);
  const earlier = items.filter((item) => !item.current);
  return (
    <>
      <div className="phone-head">
        <h2>Alerts</h2>
        <button type="button" className="btn" disabled={items.every((item) => item.read)} onClick={markAllRead}>
          Mark all read
        </button>
      </div>
      {items.length === 0 && <p className="phone-empty">Nothing needs you.</p>}
      {current.length > 0 && <AlertCard title="Needs you" items={current} />}
      {earlier.length > 0 && <AlertCard title="Earlier" items={earlier} />}
    </>
  );
}

function AlertCard({ title, items }: { title: string; items: readonly Alert[] }): ReactNode {
  const zone = useZone();
  return (
    <section className="card card--list" aria-label={title}>
      <h3 className="card-label">{title}</h3>
      {items.map((item) => (
        <div key={item.id} className="phone-row phone-alert" data-testid="alert">
          <span className={item.level === 'alarm' ? 'danger' : 'warn'}>
            <Glyph shape={item.level === 'alarm' ? 'diamond' : 'triangle'} />
          </span>
          <div>
            <p className={item.read ? 't2' : 't1 medium'}>{item.title}</p>
            {item.text !== '' && <p className="t2">{item.text}</p>}
            {item.order !== null && <OrderActions order={item.order} />}
          </div>
          <time className="t3">{clock.timeOfDay(item.atMs, zone)}</time>
        </div>
      ))}
    </section>
  );
}

function OrderActions({ order }: { order: string }): ReactNode {
  return (
    <span className="phone-actions">
      <button type="button" className="btn" onClick={() => void command(api.queryOrder(order))}>
        Query now
      </button>
      <button type="button" className="btn" onClick={() => void command(api.cancelOrder(order))}>
        Cancel
      </button>
    </span>
  );
}
