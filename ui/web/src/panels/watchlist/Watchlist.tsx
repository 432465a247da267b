import { format, type Instrument } from '@robotrader/client';
import { Fragment, memo, useEffect, useMemo, useRef, type ReactNode } from 'react';
import { Empty } from '../../components/Empty';
import { Panel } from '../../components/Panel';
import { useRowCursor } from '../../components/useRowCursor';
import { engineNowMs, market, useDesk } from '../../live/desk';
import { num } from '../../live/lookups';
import { flash, onFrame, setClass, setText } from '../../live/ticker';
import { SessionLine } from './SessionLine';

/** Symbols with their last price; the chosen one links chart, depth and trades. */
export function Watchlist(): ReactNode {
  const instruments = useDesk((desk) => desk.state?.instruments ?? none);
  const positions = useDesk((desk) => desk.state?.positions ?? none2);
  const selected = useDesk((desk) => desk.selected);
  const select = useDesk((desk) => desk.select);
  const groups = useMemo(() => groupBySource(instruments), [instruments]);
  const keys = useMemo(() => groups.flatMap((group) => group.rows.map((row) => row.id)), [groups]);
  const held = useMemo(
    () => new Set(positions.filter((row) => num(row.quantity) !== 0).map((row) => row.instrument)),
    [positions],
  );
  const cursor = useRowCursor(keys, { value: selected, onMove: select });

  return (
    <Panel
      id="watchlist"
      title="Watchlist"
      actions={<span className="t3">{format.plural(instruments.length, 'line')}</span>}
    >
      <div className="scroll pane" {...cursor.paneProps} aria-label="Watchlist" aria-rowcount={keys.length}>
        <table className="grid" role="presentation">
          <colgroup>
            <col />
            <col style={{ width: 64 }} />
            <col style={{ width: 46 }} />
            <col style={{ width: 28 }} />
            <col style={{ width: 62 }} />
          </colgroup>
          <thead>
            <tr role="row">
              <th role="columnheader">Symbol</th>
              <th role="columnheader" className="num">
                Last
              </th>
              <th role="columnheader" className="num">
                Chg %
              </th>
              <th role="columnheader" className="num" title="Volume against the average of earlier days at this time">
                RVol
              </th>
              <th role="columnheader" className="num">
                Session
              </th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <Fragment key={group.source}>
                <tr className="group" role="row">
                  <td colSpan={5} role="gridcell">
                    {group.title}
                  </td>
                </tr>
                {group.rows.map((row) => (
                  <tr key={row.id} role="row" {...cursor.rowProps(row.id)} className="watch-row">
                    <Row instrument={row} held={held.has(row.id)} />
                  </tr>
                ))}
              </Fragment>
            ))}
          </tbody>
        </table>
        {instruments.length === 0 && <Empty title="No instruments yet">The engine has not named its market yet.</Empty>}
      </div>
    </Panel>
  );
}

const none: readonly Instrument[] = [];
const none2: readonly { instrument: number; quantity: string }[] = [];

const Row = memo(function Row({ instrument, held }: { instrument: Instrument; held: boolean }): ReactNode {
  const last = useRef<HTMLTableCellElement>(null);
  const change = useRef<HTMLTableCellElement>(null);
  const symbol = useRef<HTMLTableCellElement>(null);
  const volume = useRef<HTMLTableCellElement>(null);
  useEffect(() => {
    let version = -1;
    let shownStale: boolean | null = null;
    let shownLast = NaN;
    const close = num(instrument.previous_close);
    return onFrame((now) => {
      const quote = market.quotes.get(instrument.id);
      const lost = useDesk.getState().link.kind !== 'open';
      const stale = lost || quote === undefined || quote.stale || quote.halted;
      if (quote && stale && !quote.halted && Math.floor(now / 500) !== Math.floor((now - 17) / 500)) {
        symbol.current?.setAttribute(
          'title',
          `${instrument.name || instrument.symbol}: last quote ${format.age((engineNowMs(now) - quote.atMs) / 1000)} old`,
        );
      }
      if (quote === undefined || (quote.version === version && stale === shownStale)) return;
      version = quote.version;
      const shown = Number.isNaN(quote.last) ? (quote.bid + quote.ask) / 2 : quote.last;
      const ratio = ((shown - close) / close) * 100;
      setText(last.current, format.price(shown, instrument.price_decimals));
      setText(change.current, Number.isNaN(ratio) ? format.MISSING : format.signedPercent(ratio).replace(' %', ''));
      setText(volume.current, format.ratio(quote.relativeVolume));
      if (stale !== shownStale || shown !== shownLast)
        setClass(change.current, `num ${stale ? 'stale' : format.direction(ratio)}`);
      if (stale !== shownStale) setClass(last.current, stale ? 'num stale' : 'num t1');
      if (!stale && !Number.isNaN(shownLast) && shown !== shownLast) flash(last.current, shown - shownLast);
      shownLast = shown;
      shownStale = stale;
    });
  }, [instrument]);
  return (
    <>
      <td
        role="gridcell"
        ref={symbol}
        className="sym"
        title={`${instrument.name || instrument.symbol}, ${instrument.source}`}
      >
        {instrument.symbol}
        {held && <i role="img" aria-label="position open" />}
      </td>
      <td role="gridcell" ref={last} className="num t1" data-testid={`last-${instrument.symbol}`}>
        {format.MISSING}
      </td>
      <td role="gridcell" ref={change} className="num">
        {format.MISSING}
      </td>
      <td role="gridcell" ref={volume} className="num t2">
        {format.MISSING}
      </td>
      <td role="gridcell" className="num">
        <SessionLine instrument={instrument} />
      </td>
    </>
  );
});

interface Group {
  source: string;
  title: string;
  rows: Instrument[];
}

/** One group per kind of data, in the server's order, so that made-up ticks never stand among real ones. */
export function groupBySource(instruments: readonly Instrument[]): Group[] {
  const groups = new Map<string, Group>();
  for (const row of instruments) {
    let group = groups.get(row.source);
    if (!group) {
      group = {
        source: row.source,
        title: row.source === '' ? 'Market data' : row.source.charAt(0).toUpperCase() + row.source.slice(1),
        rows: [],
      };
      groups.set(row.source, group);
    }
    group.rows.push(row);
  }
  return [...groups.values()];
}
