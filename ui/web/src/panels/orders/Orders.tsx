import { clock, format, type DeskState, type Fill, type Order, type OrderState } from '@robotrader/client';
import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Empty } from '../../components/Empty';
import { Key } from '../../components/Key';
import { Mark } from '../../components/Mark';
import { Panel } from '../../components/Panel';
import { Segments } from '../../components/Segments';
import { useRowCursor } from '../../components/useRowCursor';
import { api, command } from '../../live/api';
import { useDesk, useSilent } from '../../live/desk';
import { decimalsOf, ms, num, symbolOf, useZone } from '../../live/lookups';
import { openDialog } from '../../shell/dialogs';
import { orderWords } from '../../shell/words';
import { DenialRows } from '../denials/DenialRows';

type Show = 'all' | 'working' | 'fills' | 'denied';

const alive: ReadonlySet<OrderState> = new Set(['pending', 'working', 'partial', 'held', 'pending_cancel', 'unknown']);
const needsEye: ReadonlySet<OrderState> = new Set(['unknown', 'held', 'rejected']);
const rowsMost = 200;

export function isAlive(order: Order): boolean {
  return alive.has(order.state);
}

/** Working orders on top, then the day's fills with what they cost against the arrival price, and what was denied. */
export function Orders(): ReactNode {
  const state = useDesk((desk) => desk.state);
  const select = useDesk((desk) => desk.select);
  const silent = useSilent();
  const zone = useZone();
  const [show, setShow] = useState<Show>('all');

  const orders = state?.orders ?? noOrders;
  const fills = state?.fills ?? noFills;
  const working = useMemo(() => orders.filter((row) => isAlive(row) || row.state === 'rejected').reverse(), [orders]);
  const newest = useMemo(() => fills.slice(-rowsMost).reverse(), [fills]);
  const keys = useMemo(
    () => [
      ...(show === 'all' || show === 'working' ? working.map((row) => `o:${row.key}`) : []),
      ...(show === 'all' || show === 'fills' ? newest.map((row) => `f:${row.execution}`) : []),
    ],
    [working, newest, show],
  );

  const rowOf = (key: string): Order | Fill | undefined =>
    key.startsWith('o:')
      ? orders.find((row) => row.key === key.slice(2))
      : fills.find((row) => row.execution === key.slice(2));
  const openWhy = (key: string): void => {
    const row = rowOf(key);
    if (row) openDialog({ kind: 'why', order: 'execution' in row ? row.order : row.key });
  };
  const cursor = useRowCursor<string>(keys, {
    onMove: (key) => {
      const row = rowOf(key);
      if (row) select(row.instrument);
    },
    onEnter: openWhy,
  });

  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || cursor.cursor === null) return;
    const order = cursor.cursor.startsWith('o:') ? orders.find((row) => `o:${row.key}` === cursor.cursor) : undefined;
    if (event.key === 'c' && order && isAlive(order)) void command(api.cancelOrder(order.key));
    else if (event.key === 'q' && order) void command(api.queryOrder(order.key));
    else if (event.key === 'w') openWhy(cursor.cursor);
  };

  const live = orders.filter(isAlive);
  const unknown = live.filter((row) => row.state === 'unknown').length;
  const denied = state?.denials.length ?? 0;

  return (
    <Panel
      id="orders"
      title="Orders and fills"
      subject={`${live.length} working${unknown > 0 ? `, ${unknown} unknown` : ''}`}
      onKey={onKey}
      actions={
        <>
          <Segments
            label="Show"
            value={show}
            onChange={setShow}
            segments={[
              { value: 'all', text: 'All' },
              { value: 'working', text: 'Working' },
              { value: 'fills', text: 'Fills' },
              { value: 'denied', text: denied > 0 ? `Denied ${format.quantity(denied)}` : 'Denied' },
            ]}
          />
          <button
            type="button"
            className="link"
            disabled={live.length === 0}
            onClick={() => openDialog({ kind: 'cancel-all' })}
          >
            Cancel all <Key>Shift C</Key>
          </button>
        </>
      }
    >
      <div
        className={`scroll pane ${silent ? 'stale' : ''}`}
        {...cursor.paneProps}
        aria-label="Orders and fills"
        aria-rowcount={keys.length}
      >
        {state === null ? null : show === 'denied' ? (
          <DenialRows denials={state.denials} state={state} zone={zone} />
        ) : keys.length === 0 ? (
          <Empty title={show === 'fills' ? 'No fills' : 'No orders'}>
            Nothing was traded yet. The strategies say why in Events.
          </Empty>
        ) : (
          <table className="grid" role="presentation">
            <colgroup>
              <col style={{ width: 57 }} />
              <col style={{ width: 60 }} />
              <col style={{ width: 33 }} />
              <col style={{ width: 122 }} />
              <col style={{ width: 58 }} />
              <col style={{ width: 79 }} />
              <col />
            </colgroup>
            <thead>
              <tr role="row">
                {['Time', 'Symbol', 'Side', 'Order', 'Filled', 'State', 'Reason'].map((title, place) => (
                  <th key={title} role="columnheader" className={place === 3 || place === 4 ? 'num' : ''}>
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {show !== 'fills' &&
                working.map((row) => (
                  <tr
                    key={row.key}
                    role="row"
                    {...cursor.rowProps(`o:${row.key}`)}
                    data-order={row.key}
                    onDoubleClick={() => openWhy(`o:${row.key}`)}
                  >
                    <OrderCells row={row} state={state} zone={zone} />
                  </tr>
                ))}
              {show === 'all' && (
                <tr className="group" role="row">
                  <td colSpan={7} role="gridcell">
                    <FillSummary fills={fills} />
                  </td>
                </tr>
              )}
              {show !== 'working' &&
                newest.map((row) => (
                  <tr
                    key={row.execution}
                    role="row"
                    {...cursor.rowProps(`f:${row.execution}`)}
                    data-fill={row.execution}
                    onDoubleClick={() => openWhy(`f:${row.execution}`)}
                  >
                    <FillCells row={row} state={state} zone={zone} />
                  </tr>
                ))}
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}

const noOrders: readonly Order[] = [];
const noFills: readonly Fill[] = [];

function FillSummary({ fills }: { fills: readonly Fill[] }): ReactNode {
  const commission = fills.reduce((sum, row) => sum + (num(row.commission) || 0), 0);
  const shares = fills.reduce((sum, row) => sum + num(row.quantity), 0);
  return (
    <>
      Fills today {format.quantity(fills.length)} ·{' '}
      <strong>
        {format.quantity(Math.round(shares * 1e4) / 1e4)} units, commission {format.money(commission)}
      </strong>
    </>
  );
}

export function orderText(row: Order, decimals: number): string {
  if (row.type === 'MKT') return `MKT`;
  const shown = row.type === 'STP' ? row.stop : (row.limit ?? row.stop);
  return shown === null ? row.type : `${row.type} ${format.price(num(shown), decimals)}`;
}

function OrderCells({ row, state, zone }: { row: Order; state: DeskState; zone: string }): ReactNode {
  const word = orderWords[row.state];
  const reason = row.reject !== '' ? row.reject : row.reason;
  return (
    <>
      <td role="gridcell" className="t3" title={clock.allClocks(ms(row.created_at), zone)}>
        {clock.timeOfDay(ms(row.created_at), zone)}
      </td>
      <td role="gridcell" className="sym">
        {symbolOf(state, row.instrument)}
      </td>
      <td role="gridcell" className={row.side === 'BUY' ? 'up' : 'down'}>
        {row.side}
      </td>
      <td role="gridcell" className="num t1">
        {orderText(row, decimalsOf(state, row.instrument))}
      </td>
      <td role="gridcell" className="num">
        <span className={num(row.filled) > 0 ? 't1' : ''}>{format.quantity(num(row.filled))}</span>/
        {format.quantity(num(row.quantity))}
      </td>
      <td role="gridcell">
        <Mark shape={word.shape} tone={word.tone}>
          {word.word}
        </Mark>
      </td>
      <td role="gridcell" className={`ellipsis ${needsEye.has(row.state) ? 't1' : ''}`} title={reason}>
        {reason}
      </td>
    </>
  );
}

function FillCells({ row, state, zone }: { row: Fill; state: DeskState; zone: string }): ReactNode {
  const realized = num(row.realized_pnl);
  const noProfit = Number.isNaN(realized) || realized === 0;
  return (
    <>
      <td role="gridcell" className="t3" title={clock.allClocks(ms(row.at), zone)}>
        {clock.timeOfDay(ms(row.at), zone)}
      </td>
      <td role="gridcell" className="sym">
        {symbolOf(state, row.instrument)}
      </td>
      <td role="gridcell" className={row.side === 'BUY' ? 'up' : 'down'}>
        {row.side}
      </td>
      <td role="gridcell" className="num t1">
        {format.quantity(num(row.quantity))} @ {format.price(num(row.price), decimalsOf(state, row.instrument))}
      </td>
      <td role="gridcell" className={`num ${noProfit ? 't3' : format.direction(realized)}`}>
        {noProfit ? 'open' : format.pnl(realized)}
      </td>
      <td role="gridcell">
        <span className="t3">slip</span>{' '}
        <span className={format.direction(row.slippage_bp, 1)}>{format.basisPoints(row.slippage_bp)}</span>
      </td>
      <td role="gridcell" className="ellipsis" title={row.reason}>
        {row.reason}
      </td>
    </>
  );
}
