import { format, type Instrument } from '@robotrader/client';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import useSWR from 'swr';
import { Sparkline } from '../../components/Sparkline';
import { api } from '../../live/api';
import { market, useDesk } from '../../live/desk';
import { num } from '../../live/lookups';

const most = 60;
const historyEveryMs = 60_000;
const lastEveryMs = 1000;

/** The day so far in one small line: closes of five-minute bars, then the price now. */
export function SessionLine({
  instrument,
  width = 50,
  height = 15,
  quiet = false,
}: {
  instrument: Instrument;
  width?: number;
  height?: number;
  quiet?: boolean;
}): ReactNode {
  const epoch = useDesk((desk) => desk.state?.epoch);
  const { data: closes } = useSWR(
    epoch === undefined ? null : ['session', epoch, instrument.id],
    async () => {
      const answer = await api.chart(instrument.id, '5m', 100);
      return answer.ok
        ? thin(
            answer.value.candles.map((bar) => num(bar.close)),
            most,
          )
        : [];
    },
    { refreshInterval: historyEveryMs },
  );
  const [last, setLast] = useState(NaN);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setLast(shownPrice(instrument.id));
    }, lastEveryMs);
    return () => clearInterval(timer);
  }, [instrument.id]);

  const values = useMemo(() => (Number.isNaN(last) ? (closes ?? []) : [...(closes ?? []), last]), [closes, last]);
  const close = num(instrument.previous_close);
  const base = Number.isNaN(close) ? values[0] : close;
  const end = values.at(-1);
  const tone = quiet
    ? 'quiet'
    : end === undefined || base === undefined
      ? 'flat'
      : format.direction(end - base, instrument.price_decimals);
  return (
    <Sparkline
      values={values}
      tone={tone}
      width={width}
      height={height}
      base={isFarOff(values, base) ? undefined : base}
      label={`${instrument.symbol} this session`}
    />
  );
}

function shownPrice(instrument: number): number {
  const quote = market.quotes.get(instrument);
  if (!quote) return NaN;
  return Number.isNaN(quote.last) ? (quote.bid + quote.ask) / 2 : quote.last;
}

/** At most `count` values with the first and the last kept. */
export function thin(values: readonly number[], count: number): number[] {
  if (values.length <= count) return values.slice();
  const step = (values.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, place) => values[Math.round(place * step)] as number);
}

/** A base far outside the line would flatten it; then it is left out. */
function isFarOff(values: readonly number[], base: number | undefined): boolean {
  if (base === undefined || values.length < 2) return true;
  const low = Math.min(...values);
  const high = Math.max(...values);
  const span = high - low;
  return base < low - span * 2 || base > high + span * 2;
}
