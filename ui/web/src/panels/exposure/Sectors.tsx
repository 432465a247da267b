import { format } from '@robotrader/client';
import { useMemo, type ReactNode } from 'react';
import { Empty } from '../../components/Empty';
import { Panel } from '../../components/Panel';
import { useRowCursor } from '../../components/useRowCursor';
import { useSilent } from '../../live/desk';
import { useExposures } from '../../live/risk';
import { exposuresOf, largestNet } from './exposure';
import { ExposureCells, ExposureHead } from './ExposureRow';

/** The same book cut by sector, then by currency, cash among it. */
export function Sectors(): ReactNode {
  const { value, waiting } = useExposures();
  const silent = useSilent();
  const sectors = useMemo(() => exposuresOf(value ?? [], 'sector'), [value]);
  const currencies = useMemo(() => exposuresOf(value ?? [], 'currency'), [value]);
  const keys = useMemo(
    () => [...sectors, ...currencies].map((row) => `${row.kind}-${row.name}`),
    [sectors, currencies],
  );
  const cursor = useRowCursor(keys, {});
  const most = largestNet(sectors);
  const groups = [
    { title: '', rows: sectors },
    { title: 'Currency, with cash', rows: currencies },
  ].filter((group) => group.rows.length > 0);

  return (
    <Panel id="sectors" title="Sector and currency" subject={format.plural(sectors.length, 'sector')}>
      <div
        className={`scroll pane ${silent ? 'stale' : ''}`}
        {...cursor.paneProps}
        aria-label="Exposure by sector and currency"
        aria-rowcount={keys.length}
      >
        {value === null ? (
          <Empty title="No exposures known">{waiting}</Empty>
        ) : keys.length === 0 ? (
          <Empty title="Nothing is held">Sectors and currencies of what is held appear here.</Empty>
        ) : (
          <table className="grid" role="presentation">
            <ExposureHead first="Sector" />
            <tbody>
              {groups.map((group) => [
                group.title !== '' && (
                  <tr key={group.title} className="group" role="row">
                    <td colSpan={7} role="gridcell">
                      {group.title}
                    </td>
                  </tr>
                ),
                ...group.rows.map((row) => (
                  <tr
                    key={`${row.kind}-${row.name}`}
                    role="row"
                    {...cursor.rowProps(`${row.kind}-${row.name}`)}
                    data-testid={`${row.kind}-${row.name}`}
                  >
                    <ExposureCells row={row} most={most} />
                  </tr>
                )),
              ])}
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}
