import { format, type Position } from '@robotrader/client';
import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Empty } from '../../components/Empty';
import { Panel } from '../../components/Panel';
import { Segments } from '../../components/Segments';
import { useRowCursor } from '../../components/useRowCursor';
import { useDesk, useSilent } from '../../live/desk';
import { decimalsOf, instrumentOf, isReconstructed, num, symbolOf } from '../../live/lookups';
import { openDialog } from '../../shell/dialogs';
import { AccountStrip } from './AccountStrip';
import { groupPositions, total } from './group';

/** Quantity, value and profit of everything held, and of what was held today. */
export function Positions({ tabs }: { tabs?: ReactNode }): ReactNode {
  const state = useDesk((desk) => desk.state);
  const selected = useDesk((desk) => desk.selected);
  const select = useDesk((desk) => desk.select);
  const silent = useSilent();
  const [grouping, setGrouping] = useState<'symbol' | 'currency'>('symbol');
  const positions = state?.positions ?? none;
  const groups = useMemo(() => groupPositions(positions, grouping), [positions, grouping]);
  const keys = useMemo(() => groups.flatMap((group) => group.rows.map((row) => row.instrument)), [groups]);
  const cursor = useRowCursor(keys, { value: selected, onMove: select });
  const open = positions.filter((row) => num(row.quantity) !== 0).length;
  const sum = total(positions);

  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.toLowerCase() === 'x' && !event.shiftKey && keys.includes(selected)) {
      event.preventDefault();
      openDialog({ kind: 'close', instrument: selected });
    }
  };

  return (
    <Panel
      id="positions"
      title={tabs ?? 'Positions'}
      subject={`${open} open`}
      onKey={onKey}
      actions={
        <Segments
          label="Group positions by"
          value={grouping}
          onChange={setGrouping}
          segments={[
            { value: 'symbol', text: 'Symbol' },
            { value: 'currency', text: 'Currency' },
          ]}
        />
      }
      footer={
        state && <AccountStrip account={state.account} largest={largest(positions, (id) => symbolOf(state, id))} />
      }
    >
      <div
        className={`scroll pane ${silent ? 'stale' : ''}`}
        {...cursor.paneProps}
        aria-label="Positions"
        aria-rowcount={keys.length}
      >
        {positions.length === 0 || state === null ? (
          <Empty title="No positions">The account is flat. What the strategies trade appears here.</Empty>
        ) : (
          <table className="grid by-content" role="presentation">
            <colgroup>
              <col style={{ width: 56 }} />
              <col style={{ width: 44 }} />
              <col style={{ width: 56 }} />
              <col style={{ width: 56 }} />
              <col style={{ width: 48 }} />
              <col style={{ width: 40 }} />
              <col style={{ width: 58 }} />
              <col style={{ width: 50 }} />
              <col style={{ width: 56 }} />
            </colgroup>
            <thead>
              <tr role="row">
                {['Symbol', 'Quantity', 'Average', 'Last', 'Value', 'Weight', 'Unrealized', 'Realized', 'Day'].map(
                  (title, place) => (
                    <th key={title} role="columnheader" className={place === 0 ? '' : 'num'}>
                      {title}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {groups.map((group) => [
                group.title !== '' && (
                  <tr key={`group-${group.title}`} className="group" role="row">
                    <td colSpan={9} role="gridcell">
                      {group.title}
                    </td>
                  </tr>
                ),
                ...group.rows.map((row) => (
                  <tr
                    key={row.instrument}
                    role="row"
                    {...cursor.rowProps(row.instrument)}
                    data-testid={`position-${symbolOf(state, row.instrument)}`}
                  >
                    <PositionCells
                      row={row}
                      symbol={symbolOf(state, row.instrument)}
                      decimals={decimalsOf(state, row.instrument)}
                      made={isReconstructed(instrumentOf(state, row.instrument))}
                    />
                  </tr>
                )),
              ])}
              <tr className="total" role="row" data-testid="positions-total">
                <td role="gridcell">Total</td>
                <td role="gridcell" />
                <td role="gridcell" />
                <td role="gridcell" />
                <td role="gridcell" className="num">
                  {format.money(sum.value, 0)}
                </td>
                <td role="gridcell" className="num">
                  {format.percent(sum.weight)}
                </td>
                <Profit value={sum.unrealized} />
                <Profit value={sum.realized} />
                <Profit value={sum.day} />
              </tr>
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}

const none: readonly Position[] = [];

function PositionCells({
  row,
  symbol,
  decimals,
  made,
}: {
  row: Position;
  symbol: string;
  decimals: number;
  made: boolean;
}): ReactNode {
  const quantity = num(row.quantity);
  const flat = quantity === 0;
  return (
    <>
      <td role="gridcell" className="sym" title={made ? 'reconstructed from 1-minute bars' : undefined}>
        {symbol}
        {made && (
          <abbr className="rec" title="reconstructed from 1-minute bars">
            r
          </abbr>
        )}
      </td>
      <td role="gridcell" className={`num ${flat ? 't3' : 't1'}`}>
        {format.quantity(quantity)}
      </td>
      <td role="gridcell" className="num">
        {format.price(num(row.average), decimals)}
      </td>
      <td role="gridcell" className="num t1">
        {format.price(num(row.last), decimals)}
      </td>
      <td role="gridcell" className="num">
        {flat ? format.MISSING : format.money(num(row.value), 0)}
      </td>
      <td role="gridcell" className="num">
        {flat ? format.MISSING : format.percent(row.weight_percent)}
      </td>
      {flat ? (
        <td role="gridcell" className="num">
          {format.MISSING}
        </td>
      ) : (
        <Profit value={num(row.unrealized_pnl)} />
      )}
      <Profit value={num(row.realized_pnl)} dashZero />
      <Profit value={num(row.day_pnl)} />
    </>
  );
}

function Profit({ value, dashZero = false }: { value: number; dashZero?: boolean }): ReactNode {
  return (
    <td role="gridcell" className={`num ${format.direction(value)}`}>
      {dashZero && value === 0 ? format.MISSING : format.pnl(value)}
    </td>
  );
}

function largest(positions: readonly Position[], symbol: (id: number) => string): string {
  let biggest: Position | null = null;
  for (const row of positions)
    if (biggest === null || Math.abs(row.weight_percent) > Math.abs(biggest.weight_percent)) biggest = row;
  if (biggest === null || biggest.weight_percent === 0) return format.MISSING;
  return `${symbol(biggest.instrument)} ${format.percent(Math.abs(biggest.weight_percent))}`;
}
