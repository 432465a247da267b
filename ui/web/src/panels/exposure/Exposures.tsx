import { format } from '@robotrader/client';
import { useMemo, type ReactNode } from 'react';
import { Empty } from '../../components/Empty';
import { Panel } from '../../components/Panel';
import { useRowCursor } from '../../components/useRowCursor';
import { noInstrument, useDesk, useSilent } from '../../live/desk';
import { useExposures } from '../../live/risk';
import { exposuresOf, largestNet } from './exposure';
import { ExposureCells, ExposureHead } from './ExposureRow';

/** What each symbol puts at stake, and the account they add up to. */
export function Exposures(): ReactNode {
  const { value, waiting } = useExposures();
  const silent = useSilent();
  const currency = useDesk((desk) => desk.state?.account.currency ?? '');
  const selected = useDesk((desk) => desk.selected);
  const select = useDesk((desk) => desk.select);
  const rows = useMemo(() => exposuresOf(value ?? [], 'instrument'), [value]);
  const account = value?.find((row) => row.kind === 'account');
  const most = largestNet(rows);
  const keys = useMemo(() => rows.map((row) => row.instrument ?? noInstrument), [rows]);
  const cursor = useRowCursor(keys, { value: selected, onMove: select });

  return (
    <Panel id="exposure" title="Exposure by symbol" subject={`${currency}, ${format.plural(rows.length, 'symbol')}`}>
      <div
        className={`scroll pane ${silent ? 'stale' : ''}`}
        {...cursor.paneProps}
        aria-label="Exposure by symbol"
        aria-rowcount={rows.length}
      >
        {value === null ? (
          <Empty title="No exposures known">{waiting}</Empty>
        ) : rows.length === 0 ? (
          <Empty title="Nothing is held">What the strategies hold appears here with its weight and beta.</Empty>
        ) : (
          <table className="grid" role="presentation">
            <ExposureHead first="Symbol" />
            <tbody>
              {rows.map((row) => (
                <tr
                  key={row.name}
                  role="row"
                  {...cursor.rowProps(row.instrument ?? noInstrument)}
                  data-testid={`exposure-${row.name}`}
                >
                  <ExposureCells row={row} most={most} />
                </tr>
              ))}
              {account && (
                <tr className="total" role="row" data-testid="exposure-account">
                  <ExposureCells row={account} most={Infinity} />
                </tr>
              )}
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}
