import { format, type Instrument } from '@robotrader/client';
import { useEffect, useRef, type ReactNode } from 'react';
import { market, useDesk } from '../../live/desk';
import { num } from '../../live/lookups';
import { onFrame, setClass, setText } from '../../live/ticker';

/** Last price, change and where the symbol trades, beside its name. */
export function ChartHead({ instrument }: { instrument: Instrument | undefined }): ReactNode {
  const last = useRef<HTMLSpanElement>(null);
  const move = useRef<HTMLSpanElement>(null);
  const vwap = useRef<HTMLSpanElement>(null);
  const volume = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!instrument) return;
    const close = num(instrument.previous_close);
    return onFrame(() => {
      const quote = market.quotes.get(instrument.id);
      const stale = !quote || quote.stale || useDesk.getState().link.kind !== 'open';
      const shown = quote ? (Number.isNaN(quote.last) ? (quote.bid + quote.ask) / 2 : quote.last) : NaN;
      const change = shown - close;
      setText(last.current, format.price(shown, instrument.price_decimals));
      setText(
        move.current,
        Number.isNaN(change)
          ? ''
          : `${format.change(change, instrument.price_decimals)} ${format.signedPercent((change / close) * 100)}`,
      );
      setText(vwap.current, format.price(quote?.vwap, instrument.price_decimals));
      setText(volume.current, format.ratio(quote?.relativeVolume));
      setClass(last.current, stale ? 't3' : 't1');
      setClass(move.current, stale ? 't3' : format.direction(change, instrument.price_decimals));
    });
  }, [instrument]);
  if (!instrument) return null;
  return (
    <>
      <span ref={last} className="t1" /> <span ref={move} /> <span className="t3">VWAP</span>{' '}
      <span ref={vwap} className="ind" /> <span className="t3">RVol</span> <span ref={volume} className="t2" />{' '}
      <span className="chart-venue">
        {instrument.exchange} · tick {instrument.tick}
      </span>
    </>
  );
}
