import { format, type Position } from '@robotrader/client';
import { useState, type ReactNode } from 'react';
import { useDesk, useSilent } from '../live/desk';
import { decimalsOf, instrumentOf, isReconstructed, num } from '../live/lookups';
import { groupPositions } from '../panels/positions/group';
import { SessionLine } from '../panels/watchlist/SessionLine';
import { openDialog } from '../shell/dialogs';

/** What is held; a touch on a row offers to close it. */
export function PhonePositions(): ReactNode {
  const state = useDesk((desk) => desk.state);
  const silent = useSilent();
  const [open, setOpen] = useState<number | null>(null);
  if (state === null) return <p className="phone-empty">Waiting for the engine.</p>;
  const rows = groupPositions(state.positions, 'symbol').flatMap((group) => group.rows);
  const held = rows.filter((row) => num(row.quantity) !== 0).length;
  const day = num(state.account.day_pnl);
  const made = rows.some((row) => isReconstructed(instrumentOf(state, row.instrument)));
  return (
    <div className={silent ? 'stale' : ''}>
      <div className="phone-head">
        <h2>Positions</h2>
        <span className="t2">
          Day <span className={format.direction(day)}>{format.pnl(day)}</span>
        </span>
      </div>
      <section className="card card--list" aria-label="Positions">
        {rows.length === 0 && <p className="phone-summary t2">The account is flat.</p>}
        {rows.map((row) => {
          const instrument = instrumentOf(state, row.instrument);
          const symbol = instrument?.symbol ?? `#${row.instrument}`;
          return (
            <div key={row.instrument} className="phone-row">
              <button
                type="button"
                className="phone-position"
                aria-expanded={open === row.instrument}
                data-testid={`position-${symbol}`}
                onClick={() => setOpen((now) => (now === row.instrument ? null : row.instrument))}
              >
                <PositionFace
                  row={row}
                  symbol={symbol}
                  decimals={decimalsOf(state, row.instrument)}
                  made={isReconstructed(instrument)}
                >
                  {instrument && <SessionLine instrument={instrument} width={82} height={26} quiet />}
                </PositionFace>
              </button>
              {open === row.instrument && (
                <div className="phone-actions">
                  <button
                    type="button"
                    className="btn btn--danger"
                    disabled={num(row.quantity) === 0}
                    onClick={() => openDialog({ kind: 'close', instrument: row.instrument })}
                  >
                    {num(row.quantity) === 0 ? 'Flat' : `Close ${symbol}`}
                  </button>
                </div>
              )}
            </div>
          );
        })}
      </section>
      <p className="phone-note">
        {held} open, gross {format.money(num(state.account.gross_exposure), 0)}, net{' '}
        {format.money(num(state.account.net_exposure), 0)} {state.account.currency}. Touch a row to close it. The phone
        can only reduce risk.
        {made && ' r: reconstructed from 1-minute bars.'}
      </p>
    </div>
  );
}

function PositionFace({
  row,
  symbol,
  decimals,
  made,
  children,
}: {
  row: Position;
  symbol: string;
  decimals: number;
  made: boolean;
  children: ReactNode;
}): ReactNode {
  return (
    <>
      <span className="phone-symbol">
        <span className="t1 phone-name">
          {symbol}
          {made && <span className="rec">r</span>}
        </span>
        <span className="t3">{format.quantity(num(row.quantity))}</span>
      </span>
      {children}
      <span className="phone-cell">
        <span className="t1">{format.price(num(row.last), decimals)}</span>
        <span className="t3">{format.percent(row.weight_percent)}</span>
      </span>
      <span className="phone-cell">
        <span className={`medium ${format.direction(num(row.day_pnl))}`}>{format.pnl(num(row.day_pnl))}</span>
        <span className="t3">open {format.pnlShort(num(row.unrealized_pnl))}</span>
      </span>
    </>
  );
}
