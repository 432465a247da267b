import { format, type Gap } from '@robotrader/client';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Panel } from '../../components/Panel';
import { Reconstructed } from '../../components/Reconstructed';
import { Segments } from '../../components/Segments';
import { api } from '../../live/api';
import { connection, market, noInstrument, useDesk } from '../../live/desk';
import { isReconstructed, useSelected, useZone } from '../../live/lookups';
import { onFrame, setClass, setText } from '../../live/ticker';
import { useLook } from '../../theme/theme';
import { barLengths, barStart, secondsOf, toLiveBars, type BarLength } from './bars';
import { Drawing } from './drawing';
import { ChartHead } from './ChartHead';
import { labelMarks, ownLines, ownMarks } from './own';

const historyBars = 500;
const shownBars = 150;
const shownLeast = 90;
const barKey = 'robotrader.bar';

/** Candles with own orders as lines and own fills as marks. */
export function Chart(): ReactNode {
  const instrument = useSelected();
  const zone = useZone();
  const generation = useDesk((desk) => desk.generation);
  const silent = useDesk((desk) => desk.link.kind !== 'open');
  const look = useLook((now) => `${now.theme}${now.pair}`);
  const [bar, setBar] = useState<BarLength>(storedBar);
  const [logarithmic, setLogarithmic] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [history, setHistory] = useState<{ gaps: readonly Gap[]; source: string; loaded: number }>({
    gaps: [],
    source: '',
    loaded: 0,
  });
  const host = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLSpanElement>(null);
  const drawing = useRef<Drawing | null>(null);
  const id = instrument?.id ?? noInstrument;
  const decimals = instrument?.price_decimals ?? 2;

  useEffect(() => localStorage.setItem(barKey, bar), [bar]);

  // History first from REST, while the stream of the same bars is already collected; the two are joined when both are there.
  useEffect(() => {
    if (id === noInstrument) return;
    let wanted = true;
    const release = connection.subscribe({ channel: 'bars', instrument: id, bar });
    void api.chart(id, bar, historyBars).then((answer) => {
      if (!wanted) return;
      if (!answer.ok) {
        setProblem(answer.refusal.text);
        return;
      }
      setProblem(null);
      market.seedBars(id, secondsOf(bar), toLiveBars(answer.value.candles));
      setHistory((before) => ({ gaps: answer.value.gaps, source: answer.value.source, loaded: before.loaded + 1 }));
    });
    return () => {
      wanted = false;
      release();
    };
  }, [id, bar, generation]);

  useEffect(() => {
    const node = host.current;
    if (node === null || id === noInstrument) return;
    const seconds = secondsOf(bar);
    const chart = new Drawing(node, zone, decimals);
    drawing.current = chart;
    let version = -1;
    let hovered: number | null = null;
    let legendStamp = '';
    chart.onHover((place) => {
      hovered = place;
    });
    const stop = onFrame(() => {
      const live = market.bars(id, seconds);
      if (!live?.seeded) return;
      if (live.version !== version) {
        const first = version === -1;
        chart.updateBars(live.bars);
        version = live.version;
        if (first) chart.showLast(Math.max(shownLeast, Math.min(shownBars, live.bars.length + 10)));
      }
      const shown = live.bars[hovered ?? -1] ?? live.bars.at(-1);
      if (!shown) return;
      const stamp = `${shown.atMs}|${shown.close}|${shown.volume}`;
      if (stamp === legendStamp) return;
      legendStamp = stamp;
      const write = (value: number): string => format.price(value, decimals);
      setText(
        legend.current,
        `O ${write(shown.open)} H ${write(shown.high)} L ${write(shown.low)} C ${write(shown.close)} V ${format.quantity(Math.round(shown.volume * 1e4) / 1e4)}`,
      );
      setClass(legend.current, 't2');
    });
    return () => {
      stop();
      chart.remove();
      drawing.current = null;
    };
    // A new symbol, bar length or time zone makes a new chart: nothing of the old one may show through.
  }, [id, bar, zone, decimals]);

  const orders = useDesk((desk) => desk.state?.orders);
  const fills = useDesk((desk) => desk.state?.fills);
  const signals = useDesk((desk) => desk.state?.signals);
  const position = useDesk((desk) => desk.state?.positions.find((row) => row.instrument === id));
  const lines = useMemo(() => ownLines(id, orders ?? [], position, decimals), [id, orders, position, decimals]);
  const marks = useMemo(() => ownMarks(id, fills ?? [], signals ?? []), [id, fills, signals]);

  useEffect(() => drawing.current?.paint(), [look]);
  useEffect(() => drawing.current?.setLines(lines), [lines, bar, zone, look]);
  useEffect(() => {
    const bars = market.bars(id, secondsOf(bar))?.bars ?? [];
    const placed = marks.flatMap((mark) => {
      const barMs = barStart(mark.atMs, bars);
      return barMs === null ? [] : [{ ...mark, barMs }];
    });
    drawing.current?.setMarks(labelMarks(placed));
    drawing.current?.setGaps(
      history.gaps.flatMap((gap) => {
        const fromMs = barStart(Date.parse(gap.from), bars);
        return fromMs === null ? [] : [{ fromMs, toMs: gap.to === null ? null : barStart(Date.parse(gap.to), bars) }];
      }),
    );
  }, [marks, history, id, bar, zone, look]);
  useEffect(() => drawing.current?.setStale(silent), [silent, id, bar, zone, look]);
  useEffect(() => drawing.current?.setLogarithmic(logarithmic), [logarithmic, id, bar, zone]);

  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = barLengths.findIndex((entry) => entry.value === bar);
    if (event.key === '[' || event.key === ']') {
      const next = barLengths[at + (event.key === ']' ? 1 : -1)];
      if (next) setBar(next.value);
    } else if (event.key === '.') drawing.current?.toLatest();
    else if (event.key === 'l') setLogarithmic((now) => !now);
    else return;
    event.preventDefault();
  };

  const fillCount = marks.filter((mark) => mark.kind === 'fill').length;
  return (
    <Panel
      id="chart"
      title={instrument?.symbol ?? 'Chart'}
      subject={<ChartHead instrument={instrument} />}
      onKey={onKey}
      actions={
        <Segments
          label="Bar length"
          value={bar}
          onChange={setBar}
          segments={barLengths.map((entry) => ({ value: entry.value, text: entry.value }))}
        />
      }
    >
      <div className="chart-legend">
        <span ref={legend} />
        {isReconstructed(instrument) && <Reconstructed inline />}
        <span className="panel-space" />
        <span className="own">{format.plural(fillCount, 'own fill')}</span>
        <span>{format.quantity(marks.length - fillCount)} not traded</span>
        {logarithmic && <span className="chip">log</span>}
        {history.source === 'midpoint' && <span className="chip">midpoint</span>}
      </div>
      {problem !== null && (
        <p className="note" data-level="danger" role="alert">
          {problem}
        </p>
      )}
      <div
        className="pane chart-host"
        ref={host}
        tabIndex={0}
        role="group"
        aria-label={chartWords(instrument?.symbol, lines.length, fillCount)}
        data-fills={fillCount}
        data-lines={lines.length}
      />
    </Panel>
  );
}

function chartWords(symbol: string | undefined, lines: number, fills: number): string {
  return `Candles of ${symbol ?? 'no symbol'} with ${format.plural(lines, 'own line')} and ${format.plural(fills, 'own fill')}. The same figures are in the panels Positions and Orders and fills.`;
}

function storedBar(): BarLength {
  const kept = localStorage.getItem(barKey);
  return barLengths.find((entry) => entry.value === kept)?.value ?? '1m';
}
