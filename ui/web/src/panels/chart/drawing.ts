// The chart itself, outside React: candles, volume, VWAP, and what is ours on it.

import { format, type LiveBar } from '@robotrader/client';
import {
  CandlestickSeries,
  ColorType,
  createChart,
  createSeriesMarkers,
  CrosshairMode,
  HistogramSeries,
  LineSeries,
  LineStyle,
  type AutoscaleInfo,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type MouseEventParams,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import { cssColor } from '../../theme/theme';
import { chartTime, sessionVwap } from './bars';
import { HatchedGaps, type GapSpan } from './HatchedGaps';

export interface OwnLine {
  key: string;
  price: number;
  title: string;
  kind: 'order' | 'position';
}

export interface OwnMark {
  key: string;
  atMs: number;
  side: 'BUY' | 'SELL';
  quantity: number;
  text: string;
  kind: 'fill' | 'signal';
}

export class Drawing {
  readonly #chart: IChartApi;
  readonly #candles: ISeriesApi<'Candlestick'>;
  readonly #volume: ISeriesApi<'Histogram'>;
  readonly #vwap: ISeriesApi<'Line'>;
  readonly #markers: ISeriesMarkersPluginApi<Time>;
  readonly #gaps = new HatchedGaps();
  readonly #lines = new Map<string, { line: IPriceLine; own: OwnLine }>();
  #zone: string;
  #bars: readonly LiveBar[] = [];
  #stale = false;
  #drawn = 0;
  #lastAtMs = 0;
  #colors = palette();

  constructor(host: HTMLElement, zone: string, decimals: number) {
    this.#zone = zone;
    this.#chart = createChart(host, {
      autoSize: true,
      layout: {
        background: { type: ColorType.Solid, color: 'transparent' },
        fontFamily: '"IBM Plex Sans", sans-serif',
        fontSize: 11,
        attributionLogo: true,
      },
      crosshair: { mode: CrosshairMode.Normal },
      rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.08, bottom: 0.2 } },
      timeScale: {
        borderVisible: false,
        timeVisible: true,
        secondsVisible: false,
        rightOffset: 4,
        barSpacing: 6,
        minBarSpacing: 1,
      },
      handleScale: { axisPressedMouseMove: true },
    });
    this.#candles = this.#chart.addSeries(CandlestickSeries, {
      priceLineStyle: LineStyle.Dotted,
      borderVisible: false,
      priceFormat: {
        type: 'custom',
        minMove: 10 ** -decimals,
        formatter: (value: number) => format.price(value, decimals),
      },
      autoscaleInfoProvider: (base: () => AutoscaleInfo | null) => this.#withLines(base()),
    });
    this.#volume = this.#chart.addSeries(HistogramSeries, {
      priceScaleId: 'volume',
      lastValueVisible: false,
      priceLineVisible: false,
      priceFormat: { type: 'custom', minMove: 1e-8, formatter: (value: number) => format.compact(value) },
    });
    this.#chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.86, bottom: 0 } });
    this.#vwap = this.#chart.addSeries(LineSeries, {
      lineWidth: 1,
      priceLineVisible: false,
      lastValueVisible: true,
      crosshairMarkerVisible: false,
    });
    this.#markers = createSeriesMarkers(this.#candles, []);
    this.#candles.attachPrimitive(this.#gaps);
    this.paint();
  }

  remove(): void {
    this.#chart.remove();
  }

  /** Takes the colours of the theme that is on now. */
  paint(): void {
    this.#colors = palette();
    const { up, down, text, line, edge, indicator } = this.#colors;
    this.#chart.applyOptions({
      layout: { textColor: text },
      grid: { vertLines: { visible: false }, horzLines: { color: line } },
      crosshair: {
        vertLine: { color: text, labelBackgroundColor: edge },
        horzLine: { color: text, labelBackgroundColor: edge },
      },
    });
    this.#candles.applyOptions({ upColor: up, downColor: down, wickUpColor: up, wickDownColor: down });
    this.#vwap.applyOptions({ color: indicator });
  }

  /** Old prices lose their colour on the chart as everywhere. */
  setStale(stale: boolean): void {
    this.#stale = stale;
    const { up, down, quiet } = this.#colors;
    const [rise, fall] = stale ? [quiet, quiet] : [up, down];
    this.#candles.applyOptions({ upColor: rise, downColor: fall, wickUpColor: rise, wickDownColor: fall });
    // The list is the live one and may be longer than what is drawn: a column past the last candle could not be updated any more.
    this.#volume.setData(this.#bars.slice(0, this.#drawn).map((bar) => this.#column(bar)));
  }

  setBars(bars: readonly LiveBar[]): void {
    this.#bars = bars;
    this.#candles.setData(bars.map((bar) => this.#candle(bar)));
    this.#volume.setData(bars.map((bar) => this.#column(bar)));
    const vwap = sessionVwap(bars, this.#zone);
    this.#vwap.setData(
      bars.flatMap((bar, place) => {
        const value = vwap[place] ?? NaN;
        return Number.isFinite(value) ? [{ time: this.#time(bar.atMs), value }] : [];
      }),
    );
    this.#drawn = bars.length;
    this.#lastAtMs = bars.at(-1)?.atMs ?? 0;
  }

  /** Draws what is new since the last call; a bar put in before the last one redraws all. */
  updateBars(bars: readonly LiveBar[]): void {
    const from = Math.max(0, this.#drawn - 1);
    if (this.#drawn === 0 || bars.length < this.#drawn || bars[from]?.atMs !== this.#lastAtMs) {
      this.setBars(bars);
      return;
    }
    const vwap = sessionVwap(bars, this.#zone);
    for (let place = from; place < bars.length; place++) {
      const average = vwap[place] ?? NaN;
      const bar = bars[place] as LiveBar;
      this.#candles.update(this.#candle(bar));
      this.#volume.update(this.#column(bar));
      if (Number.isFinite(average)) this.#vwap.update({ time: this.#time(bar.atMs), value: average });
    }
    this.#drawn = bars.length;
    this.#lastAtMs = bars.at(-1)?.atMs ?? 0;
  }

  setLines(lines: readonly OwnLine[]): void {
    const wanted = new Set(lines.map((line) => line.key));
    for (const [key, { line }] of this.#lines) {
      if (wanted.has(key)) continue;
      this.#candles.removePriceLine(line);
      this.#lines.delete(key);
    }
    for (const own of lines) {
      const color = own.kind === 'order' ? this.#colors.own : this.#colors.strong;
      const options = {
        price: own.price,
        color,
        title: own.title,
        lineWidth: 1 as const,
        lineStyle: own.kind === 'order' ? LineStyle.Dashed : LineStyle.Solid,
        axisLabelVisible: true,
        axisLabelColor: this.#colors.ownBack,
        axisLabelTextColor: color,
      };
      const present = this.#lines.get(own.key);
      if (present) present.line.applyOptions(options);
      else this.#lines.set(own.key, { line: this.#candles.createPriceLine(options), own });
      const entry = this.#lines.get(own.key);
      if (entry) entry.own = own;
    }
  }

  setMarks(marks: readonly (OwnMark & { barMs: number })[]): void {
    const { own, quiet } = this.#colors;
    const shown = marks
      .slice()
      .sort((a, b) => a.barMs - b.barMs)
      .map((mark): SeriesMarker<Time> => ({
        id: mark.key,
        time: this.#time(mark.barMs),
        position: mark.side === 'BUY' ? 'belowBar' : 'aboveBar',
        shape: mark.kind === 'signal' ? 'circle' : mark.side === 'BUY' ? 'arrowUp' : 'arrowDown',
        color: mark.kind === 'signal' ? quiet : own,
        size: mark.kind === 'signal' ? 0.5 : 1,
        ...(mark.kind === 'fill' && mark.text !== '' ? { text: mark.text } : {}),
      }));
    this.#markers.setMarkers(shown);
  }

  setGaps(gaps: readonly { fromMs: number; toMs: number | null }[]): void {
    const spans: GapSpan[] = gaps.map((gap) => ({
      from: this.#time(gap.fromMs),
      to: gap.toMs === null ? null : this.#time(gap.toMs),
    }));
    this.#gaps.show(spans, this.#colors.warn);
  }

  setLogarithmic(on: boolean): void {
    this.#chart.priceScale('right').applyOptions({ mode: on ? 1 : 0 });
  }

  toLatest(): void {
    this.#chart.timeScale().scrollToRealTime();
  }

  showLast(count: number): void {
    const end = this.#drawn + 4;
    this.#chart.timeScale().setVisibleLogicalRange({ from: end - count, to: end });
  }

  /** Tells which bar the pointer is over: its place in the list of bars, or null. */
  onHover(tell: (place: number | null, mark: string | null) => void): void {
    this.#chart.subscribeCrosshairMove((event: MouseEventParams) => {
      const hovered = typeof event.hoveredObjectId === 'string' ? event.hoveredObjectId : null;
      tell(event.logical === undefined || event.point === undefined ? null : Math.round(event.logical), hovered);
    });
  }

  #time(atMs: number): UTCTimestamp {
    return chartTime(atMs, this.#zone) as UTCTimestamp;
  }

  #candle(bar: LiveBar): { time: UTCTimestamp; open: number; high: number; low: number; close: number } {
    return { time: this.#time(bar.atMs), open: bar.open, high: bar.high, low: bar.low, close: bar.close };
  }

  #column(bar: LiveBar): { time: UTCTimestamp; value: number; color: string } {
    return {
      time: this.#time(bar.atMs),
      value: bar.volume,
      color: this.#stale ? this.#colors.edge : bar.close >= bar.open ? this.#colors.upFaint : this.#colors.downFaint,
    };
  }

  /** The price scale keeps own orders that are near the market in sight. */
  #withLines(base: AutoscaleInfo | null): AutoscaleInfo | null {
    if (base?.priceRange == null || this.#lines.size === 0) return base;
    let { minValue, maxValue } = base.priceRange;
    const reach = (maxValue - minValue) * 0.6;
    const [low, high] = [minValue - reach, maxValue + reach];
    for (const { own } of this.#lines.values()) {
      if (own.price < low || own.price > high) continue;
      minValue = Math.min(minValue, own.price);
      maxValue = Math.max(maxValue, own.price);
    }
    return { ...base, priceRange: { minValue, maxValue } };
  }
}

function palette(): Record<
  | 'up'
  | 'down'
  | 'upFaint'
  | 'downFaint'
  | 'text'
  | 'strong'
  | 'line'
  | 'edge'
  | 'indicator'
  | 'own'
  | 'ownBack'
  | 'quiet'
  | 'warn',
  string
> {
  return {
    up: cssColor('--up'),
    down: cssColor('--down'),
    upFaint: `${cssColor('--up')}66`,
    downFaint: `${cssColor('--down')}66`,
    text: cssColor('--t3'),
    strong: cssColor('--t2'),
    line: cssColor('--line1'),
    edge: cssColor('--bg3'),
    indicator: cssColor('--ind'),
    own: cssColor('--own'),
    ownBack: cssColor('--bg1'),
    quiet: cssColor('--ctl'),
    warn: cssColor('--warn'),
  };
}
