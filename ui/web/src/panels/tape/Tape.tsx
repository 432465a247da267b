import { clock, format, type LiveTrade } from '@robotrader/client';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Empty } from '../../components/Empty';
import { Glyph } from '../../components/Mark';
import { Panel } from '../../components/Panel';
import { Segments } from '../../components/Segments';
import { api } from '../../live/api';
import { connection, market, noInstrument, useDesk } from '../../live/desk';
import { isReconstructed, useSelected, useZone } from '../../live/lookups';
import { onFrame, setClass, setText } from '../../live/ticker';
import { Reconstructed } from '../../components/Reconstructed';

type Filter = 'all' | 'round' | 'blocks';

const rowHeight = 17;
const rowsMost = 80;
const minuteMs = 60_000;

interface TapeRow {
  row: HTMLTableRowElement;
  time: HTMLElement;
  head: HTMLElement;
  tail: HTMLElement;
  size: HTMLElement;
  venue: HTMLElement;
  sweep: HTMLElement;
  block: HTMLElement;
}

/** Trades of the chosen symbol, newest first. */
export function Tape(): ReactNode {
  const instrument = useSelected();
  const zone = useZone();
  const silent = useDesk((desk) => desk.link.kind !== 'open');
  const generation = useDesk((desk) => desk.generation);
  const [filter, setFilter] = useState<Filter>('all');
  const [empty, setEmpty] = useState(true);
  const [pausedAt, setPausedAt] = useState<number | null>(null);
  const pane = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const counter = useRef<HTMLSpanElement>(null);
  const bought = useRef<HTMLSpanElement>(null);
  const sold = useRef<HTMLSpanElement>(null);
  const balance = useRef<HTMLElement>(null);
  const id = instrument?.id ?? noInstrument;
  const decimals = instrument?.price_decimals ?? 2;
  const hasTrades = instrument?.has_trades ?? true;

  useEffect(() => {
    if (id === noInstrument) return;
    const release = connection.subscribe({ channel: 'trades', instrument: id });
    let wanted = true;
    void api.tape(id).then((answer) => {
      if (wanted && answer.ok) market.seedTape(id, answer.value.prints, useDesk.getState().state?.venues ?? []);
    });
    return () => {
      wanted = false;
      release();
    };
  }, [id, generation]);

  useEffect(() => {
    let version = -1;
    let rowCount = -1;
    let rows: TapeRow[] = [];
    return onFrame(() => {
      const tape = market.tapes.get(id);
      const room = Math.min(rowsMost, Math.floor(((pane.current?.clientHeight ?? 0) - 20) / rowHeight));
      if (room !== rowCount && body.current) {
        rows = makeRows(body.current, Math.max(0, room));
        rowCount = room;
        version = -1;
      }
      if ((tape?.version ?? 0) === version) return;
      version = tape?.version ?? 0;
      const trades = tape?.trades ?? [];
      if (pausedAt !== null) setText(counter.current, `${trades.filter((trade) => trade.id > pausedAt).length} new`);
      setEmpty(trades.length === 0);
      let shown = 0;
      for (const trade of trades) {
        if (shown >= rows.length) break;
        if (pausedAt !== null && trade.id > pausedAt) continue;
        if (!passes(trade, filter)) continue;
        paint(rows[shown++] as TapeRow, trade, decimals, zone);
      }
      for (; shown < rows.length; shown++) clearRow(rows[shown] as TapeRow);
      paintBalance(trades, bought.current, sold.current, balance.current);
    });
  }, [id, decimals, zone, filter, pausedAt]);

  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'p' || event.shiftKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    setPausedAt((now) => (now === null ? (market.tapes.get(id)?.trades[0]?.id ?? 0) : null));
  };

  return (
    <Panel
      id="tape"
      title="Trades"
      subject={instrument?.symbol}
      onKey={onKey}
      className={silent ? 'stale' : ''}
      actions={
        <>
          {pausedAt !== null && (
            <button type="button" className="chip" onClick={() => setPausedAt(null)}>
              Paused, <span ref={counter}>0 new</span>
            </button>
          )}
          <Segments
            label="Which trades"
            value={filter}
            onChange={setFilter}
            segments={[
              { value: 'all', text: 'All' },
              { value: 'round', text: '100+', label: '100 and more' },
              { value: 'blocks', text: <Glyph shape="diamond" />, label: 'Blocks' },
            ]}
          />
        </>
      }
      footer={
        <div className="balance">
          <span className="t3">1 min</span>
          <span ref={bought} className="up" title="bought at the ask" />
          <span className="balance-bar" ref={balance} />
          <span ref={sold} className="down" title="sold at the bid" />
        </div>
      }
    >
      <div className="pane pane--clip" ref={pane}>
        <table className="grid grid--tight">
          <caption className="visually-hidden">Trades, newest first</caption>
          <colgroup>
            <col style={{ width: 71 }} />
            <col />
            <col style={{ width: 53 }} />
            <col style={{ width: 38 }} />
          </colgroup>
          <thead>
            <tr>
              <th>Time</th>
              <th className="num">Price</th>
              <th className="num">Size</th>
              <th>Venue</th>
            </tr>
          </thead>
          <tbody ref={body} data-testid="tape-rows" />
        </table>
        {!hasTrades && empty && <Empty title="No trades here">This instrument has quotes only.</Empty>}
      </div>
      {isReconstructed(instrument) && <Reconstructed />}
    </Panel>
  );
}

function passes(trade: LiveTrade, filter: Filter): boolean {
  if (filter === 'round') return !trade.oddLot && trade.size >= 100;
  return filter === 'all' || trade.block;
}

function makeRows(body: HTMLTableSectionElement, count: number): TapeRow[] {
  const rows: TapeRow[] = [];
  const element = (name: string, className: string, parent: HTMLElement): HTMLElement => {
    const made = document.createElement(name);
    made.className = className;
    parent.append(made);
    return made;
  };
  const children: HTMLTableRowElement[] = [];
  for (let place = 0; place < count; place++) {
    const row = document.createElement('tr');
    const time = element('td', 't3', row);
    const priceCell = element('td', 'num', row);
    const head = element('span', '', priceCell);
    const tail = element('span', 't3', priceCell);
    const size = element('td', 'num', row);
    const venueCell = element('td', '', row);
    const venue = element('span', '', venueCell);
    const sweep = element('span', 't3 tag-small', venueCell);
    const block = element('span', 'own', venueCell);
    children.push(row);
    rows.push({ row, time, head, tail, size, venue, sweep, block });
  }
  body.replaceChildren(...children);
  return rows;
}

function paint(cells: TapeRow, trade: LiveTrade, decimals: number, zone: string): void {
  const { head, tail } = format.priceParts(trade.price, decimals);
  setText(cells.time, clock.timeWithTenths(trade.atMs, zone));
  setText(cells.head, head);
  setText(cells.tail, tail);
  setClass(cells.head, trade.side > 0 ? 'up' : trade.side < 0 ? 'down' : 't1');
  setText(cells.size, format.quantity(trade.size));
  setClass(cells.size, trade.block ? 'num t1 strong' : trade.oddLot ? 'num t3' : 'num t1');
  const venue = useDesk.getState().state?.venues[trade.venue] ?? '';
  setText(cells.venue, trade.offExchange ? 'TRF' : venue);
  setClass(cells.venue, trade.offExchange ? 'info' : 't2');
  setText(cells.sweep, trade.sweep ? ' S' : '');
  setText(cells.block, trade.block ? ' ◆' : '');
  setClass(cells.row, trade.cancelled ? 'struck' : '');
}

function clearRow(cells: TapeRow): void {
  for (const cell of [cells.time, cells.head, cells.tail, cells.size, cells.venue, cells.sweep, cells.block])
    setText(cell, '');
}

/** Volume of the last minute by the side that crossed. */
function paintBalance(
  trades: readonly LiveTrade[],
  buy: HTMLElement | null,
  sell: HTMLElement | null,
  bar: HTMLElement | null,
): void {
  const newest = trades[0]?.atMs ?? 0;
  let up = 0;
  let down = 0;
  for (const trade of trades) {
    if (newest - trade.atMs > minuteMs) break;
    if (trade.cancelled) continue;
    if (trade.side > 0) up += trade.size;
    else if (trade.side < 0) down += trade.size;
  }
  setText(buy, format.quantity(Math.round(up * 1e4) / 1e4));
  setText(sell, format.quantity(Math.round(down * 1e4) / 1e4));
  bar?.style.setProperty('--share', up + down > 0 ? `${(up / (up + down)) * 100}%` : '50%');
}
