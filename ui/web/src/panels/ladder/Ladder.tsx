import { format, type Level } from '@robotrader/client';
import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { Panel } from '../../components/Panel';
import { Reconstructed } from '../../components/Reconstructed';
import { api, command } from '../../live/api';
import { connection, market, noInstrument, useDesk } from '../../live/desk';
import { isReconstructed, num, useSelected } from '../../live/lookups';
import { onFrame, setClass, setText } from '../../live/ticker';
import {
  centreOf,
  chooseShape,
  gridRows,
  levelRows,
  ownAt,
  shouldRecentre,
  type LadderRow,
  type LadderShape,
} from './rows';

const rowHeight = 17;
const balanceLevels = 10;

interface Cells {
  row: HTMLTableRowElement;
  own: HTMLElement;
  queue: HTMLElement;
  bid: HTMLElement;
  price: HTMLElement;
  ask: HTMLElement;
  volume: HTMLElement;
}

/** Depth around the market. With clicks on, the right button cancels our orders at a price; nothing here opens a position. */
export function Ladder(): ReactNode {
  const instrument = useSelected();
  const silent = useDesk((desk) => desk.link.kind !== 'open');
  const generation = useDesk((desk) => desk.generation);
  const pane = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const spread = useRef<HTMLSpanElement>(null);
  const bidTotal = useRef<HTMLSpanElement>(null);
  const askTotal = useRef<HTMLSpanElement>(null);
  const balance = useRef<HTMLElement>(null);
  const recentre = useRef(true);
  const [clicks, setClicks] = useState(false);
  const id = instrument?.id ?? noInstrument;
  const tick = num(instrument?.tick);
  const decimals = instrument?.price_decimals ?? 2;

  useEffect(() => {
    if (id === noInstrument) return;
    return connection.subscribe({ channel: 'depth', instrument: id });
  }, [id, generation]);

  useEffect(() => {
    let rows: Cells[] = [];
    let rowCount = -1;
    let version = -1;
    let centre = NaN;
    let shape: LadderShape = 'grid';
    recentre.current = true;
    const table = pane.current;
    return onFrame(() => {
      const room = Math.max(3, Math.floor(((table?.clientHeight ?? 0) - 20) / rowHeight));
      const wanted = room % 2 === 0 ? room - 1 : room;
      if (wanted !== rowCount && body.current) {
        rows = makeRows(body.current, wanted);
        rowCount = wanted;
        version = -1;
        recentre.current = true;
      }
      const { bids, asks, stamp } = bookOf(id);
      if (stamp === version && !recentre.current) return;
      version = stamp;
      const bid = bids[0]?.price ?? NaN;
      const ask = asks[0]?.price ?? NaN;
      shape = chooseShape(bids, asks, tick, rowCount, shape);
      const underPointer = table?.matches(':hover') ?? false;
      if (
        shape === 'grid' &&
        (recentre.current || (!underPointer && shouldRecentre(centre, bid, ask, tick, rowCount)))
      ) {
        if (Number.isFinite(bid) || Number.isFinite(ask)) {
          centre = centreOf(bid, ask, tick);
          recentre.current = false;
        }
      } else recentre.current = false;
      const shown =
        shape === 'levels'
          ? levelRows(bids, asks, rowCount)
          : Number.isFinite(centre)
            ? gridRows(bids, asks, tick, rowCount, centre)
            : [];
      paintRows(rows, shown, decimals);
      setText(spread.current, Number.isFinite(ask - bid) ? format.price(ask - bid, decimals) : format.MISSING);
      paintBalance(bids, asks, bidTotal.current, askTotal.current, balance.current);
    });
  }, [id, tick, decimals]);

  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== ' ') return;
    event.preventDefault();
    recentre.current = true;
  };

  const onContextMenu = (event: MouseEvent): void => {
    const row = event.target instanceof Element ? event.target.closest('tr') : null;
    const price = Number(row?.dataset['price'] || NaN);
    if (!clicks || Number.isNaN(price)) return;
    event.preventDefault();
    for (const order of ownAt(useDesk.getState().state?.orders ?? [], id, price))
      void command(api.cancelOrder(order.key, 'right click on the ladder'));
  };

  return (
    <Panel
      id="ladder"
      title="Depth"
      subject={instrument?.symbol}
      onKey={onKey}
      className={silent ? 'stale' : ''}
      actions={
        <>
          <span className="t2">
            Spread <span ref={spread} className="t1" />
          </span>
          <button
            type="button"
            className="click-switch"
            aria-pressed={clicks}
            title="With clicks on, the right button cancels our orders at a price"
            data-testid="ladder-clicks"
            onClick={() => setClicks(!clicks)}
          >
            {clicks ? 'Clicks cancel' : 'Clicks off'}
          </button>
        </>
      }
      footer={
        <div className="balance">
          <span className="t3">10 levels</span>
          <span ref={bidTotal} className="up" />
          <span className="balance-bar" ref={balance} />
          <span ref={askTotal} className="down" />
        </div>
      }
    >
      <div className="pane pane--clip" ref={pane} onContextMenu={onContextMenu} data-clicks={clicks}>
        <table className="grid grid--tight ladder">
          <caption className="visually-hidden">Resting size by price</caption>
          <colgroup>
            <col style={{ width: 74 }} />
            <col />
            <col style={{ width: 60 }} />
            <col />
            <col style={{ width: 34 }} />
          </colgroup>
          <thead>
            <tr>
              <th>Mine · queue</th>
              <th className="num">Bid</th>
              <th className="num">Price</th>
              <th>Ask</th>
              <th className="num">Vol</th>
            </tr>
          </thead>
          <tbody ref={body} data-testid="ladder-rows" />
        </table>
      </div>
      {isReconstructed(instrument) && <Reconstructed />}
    </Panel>
  );
}

/** The book, or the top of it where an instrument has no depth. */
function bookOf(id: number): { bids: readonly Level[]; asks: readonly Level[]; stamp: number } {
  const depth = market.depths.get(id);
  if (depth && (depth.bids.length > 0 || depth.asks.length > 0))
    return { bids: depth.bids, asks: depth.asks, stamp: depth.version };
  const quote = market.quotes.get(id);
  if (!quote) return { bids: [], asks: [], stamp: 0 };
  const level = (price: number, size: number): Level[] =>
    Number.isNaN(price) ? [] : [{ price, size, own: 0, queuePercent: NaN, bought: 0, sold: 0 }];
  return { bids: level(quote.bid, quote.bidSize), asks: level(quote.ask, quote.askSize), stamp: quote.version };
}

function makeRows(body: HTMLTableSectionElement, count: number): Cells[] {
  const rows: Cells[] = [];
  const cell = (row: HTMLElement, className: string): HTMLElement => {
    const made = document.createElement('td');
    made.className = className;
    row.append(made);
    return made;
  };
  const children: HTMLElement[] = [];
  for (let place = 0; place < count; place++) {
    const row = document.createElement('tr');
    const mine = cell(row, 'own medium');
    const own = document.createElement('span');
    const queue = document.createElement('span');
    queue.className = 'queue';
    mine.append(own, queue);
    const bid = cell(row, 'num ladder-bid');
    const price = cell(row, 'num ladder-price');
    const ask = cell(row, 'ladder-ask');
    const volume = cell(row, 'ladder-volume');
    children.push(row);
    rows.push({ row, own, queue, bid, price, ask, volume });
  }
  body.replaceChildren(...children);
  return rows;
}

function paintRows(rows: readonly Cells[], shown: readonly LadderRow[], decimals: number): void {
  let deepest = 0;
  let busiest = 0;
  for (const row of shown) {
    const level = row.bid ?? row.ask;
    if (!level) continue;
    deepest = Math.max(deepest, level.size);
    busiest = Math.max(busiest, level.bought + level.sold);
  }
  rows.forEach((cells, place) => {
    const row = shown[place];
    const level = row?.bid ?? row?.ask ?? null;
    setText(cells.price, row ? format.price(row.price, decimals) : '');
    setClass(
      cells.price,
      `num ladder-price${row?.touch === 'bid' ? ' up strong' : row?.touch === 'ask' ? ' down strong' : ''}`,
    );
    setText(cells.bid, row?.bid ? format.quantity(row.bid.size) : '');
    setText(cells.ask, row?.ask ? format.quantity(row.ask.size) : '');
    cells.bid.style.setProperty('--size', share(row?.bid?.size, deepest));
    cells.ask.style.setProperty('--size', share(row?.ask?.size, deepest));
    const mine = level !== null && level.own !== 0;
    setText(cells.own, mine ? `${row?.bid ? 'B' : 'S'} ${format.quantity(level.own)}` : '');
    setText(cells.queue, mine && !Number.isNaN(level.queuePercent) ? ` ${format.percent(level.queuePercent, 0)}` : '');
    const bought = level?.bought ?? 0;
    const sold = level?.sold ?? 0;
    cells.volume.style.setProperty('--bought', share(bought, busiest));
    cells.volume.style.setProperty('--all', share(bought + sold, busiest));
    setClass(cells.row, row?.touch === 'ask' ? 'ladder-spread' : '');
    cells.row.dataset['price'] = row ? String(Math.round(row.price * 1e9) / 1e9) : '';
  });
}

function share(size: number | undefined, most: number): string {
  return size === undefined || most <= 0 ? '0%' : `${Math.round((size / most) * 100)}%`;
}

function paintBalance(
  bids: readonly Level[],
  asks: readonly Level[],
  bid: HTMLElement | null,
  ask: HTMLElement | null,
  bar: HTMLElement | null,
): void {
  const sum = (side: readonly Level[]): number =>
    side.slice(0, balanceLevels).reduce((total, level) => total + level.size, 0);
  const bidSum = sum(bids);
  const askSum = sum(asks);
  setText(bid, format.compact(bidSum));
  setText(ask, format.compact(askSum));
  bar?.style.setProperty('--share', bidSum + askSum > 0 ? `${(bidSum / (bidSum + askSum)) * 100}%` : '50%');
}
