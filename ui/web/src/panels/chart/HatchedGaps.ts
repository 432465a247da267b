// Periods without data, hatched over the whole height of the chart.

import type {
  IChartApi,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts';

export interface GapSpan {
  from: Time;
  /** null: it is still going on, up to the right edge. */
  to: Time | null;
}

export class HatchedGaps implements ISeriesPrimitive<Time> {
  #chart: IChartApi | null = null;
  #gaps: readonly GapSpan[] = [];
  #color = '#888';
  #update: (() => void) | null = null;
  readonly #view: IPrimitivePaneView = { zOrder: () => 'bottom', renderer: () => this.#renderer };

  attached({ chart, requestUpdate }: SeriesAttachedParameter<Time>): void {
    this.#chart = chart;
    this.#update = requestUpdate;
  }
  detached(): void {
    this.#chart = null;
    this.#update = null;
  }
  paneViews(): readonly IPrimitivePaneView[] {
    return [this.#view];
  }

  show(gaps: readonly GapSpan[], color: string): void {
    this.#gaps = gaps;
    this.#color = color;
    this.#update?.();
  }

  readonly #renderer: IPrimitivePaneRenderer = {
    draw: (target) => {
      target.useMediaCoordinateSpace(({ context, mediaSize }) => {
        const scale = this.#chart?.timeScale();
        if (!scale) return;
        for (const gap of this.#gaps) {
          const left = scale.timeToCoordinate(gap.from);
          if (left === null) continue;
          const right = gap.to === null ? mediaSize.width : (scale.timeToCoordinate(gap.to) ?? mediaSize.width);
          hatch(context, left + 2, Math.max(left + 6, right - 2), mediaSize.height, this.#color);
        }
      });
    },
  };
}

function hatch(context: CanvasRenderingContext2D, left: number, right: number, height: number, color: string): void {
  context.save();
  context.beginPath();
  context.rect(left, 0, right - left, height);
  context.clip();
  context.strokeStyle = color;
  context.globalAlpha = 0.35;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = left - height; x < right; x += 7) {
    context.moveTo(x, height);
    context.lineTo(x + height, 0);
  }
  context.stroke();
  context.restore();
}
