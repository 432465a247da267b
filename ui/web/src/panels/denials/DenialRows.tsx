import { clock, format, type Denial, type DeskState } from '@robotrader/client';
import type { ReactNode } from 'react';
import { Empty } from '../../components/Empty';
import { ms, num, strategyTitle, symbolOf } from '../../live/lookups';

const rowsMost = 200;

/** Orders the gate refused: the law, the number that broke it and the number it may have. */
export function DenialRows({
  denials,
  state,
  zone,
}: {
  denials: readonly Denial[];
  state: DeskState;
  zone: string;
}): ReactNode {
  if (denials.length === 0)
    return <Empty title="Nothing denied">Every order so far passed all checks of the gate.</Empty>;
  return (
    <table className="grid">
      <colgroup>
        <col style={{ width: 62 }} />
        <col style={{ width: 66 }} />
        <col style={{ width: 92 }} />
        <col />
      </colgroup>
      <thead>
        <tr>
          <th>Time</th>
          <th>Symbol</th>
          <th className="num">Order</th>
          <th>Why it was denied</th>
        </tr>
      </thead>
      <tbody data-testid="denials">
        {denials
          .slice(-rowsMost)
          .reverse()
          .map((row) => (
            <tr key={row.id} data-row={row.id}>
              <td className="t3">{clock.timeOfDay(ms(row.at), zone)}</td>
              <td className="sym">{symbolOf(state, row.instrument)}</td>
              <td className="num">
                <span className={row.side === 'BUY' ? 'up' : 'down'}>{row.side}</span>{' '}
                {format.quantity(num(row.quantity))}
              </td>
              <td className="wrap t1" title={denialTitle(row, state)}>
                {row.repeats > 1 && <span className="chip">{format.quantity(row.repeats)}×</span>} {row.reason}{' '}
                {row.measured !== null && row.limit !== null && (
                  <span className="t3">
                    {format.quantity(row.measured)} against {format.quantity(row.limit)} {row.unit}
                  </span>
                )}
              </td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}

function denialTitle(row: Denial, state: DeskState): string {
  const who = row.strategies.map((name) => strategyTitle(state, name)).join(', ');
  return `${row.reason} (${row.code})${who === '' ? '' : `. Wanted by ${who}`}`;
}
