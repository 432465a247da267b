import { format } from '@robotrader/client';
import { useMemo, type ReactNode } from 'react';
import { Mark } from '../components/Mark';
import { useBookRisk, useExposures, useRotation } from '../live/risk';
import { exposuresOf, sliceName } from '../panels/exposure/exposure';
import { riskFigures } from '../panels/risk/figures';
import { appetiteWords } from '../shell/words';

const figuresShown = new Set(['var-99', 'shortfall']);

/** What may be lost in a day, the largest sector, and whether the market wants risk. */
export function RiskCard({ equity, currency }: { equity: number; currency: string }): ReactNode {
  const { value: risk } = useBookRisk();
  const { value: exposures } = useExposures();
  const { value: rotation } = useRotation();
  const largest = useMemo(() => exposuresOf(exposures ?? [], 'sector')[0], [exposures]);
  if (risk === null) return null;
  const appetite = appetiteWords[rotation?.appetite.held ?? 'unknown'];
  return (
    <section className="card" aria-label="Risk" data-testid="phone-risk">
      {riskFigures(risk, equity, currency)
        .filter((figure) => figuresShown.has(figure.id))
        .map((figure) => (
          <div key={figure.id} className="card--row">
            <span className="t2">{figure.label}, 1 day</span>
            <span>
              <strong className="phone-figure">{figure.value}</strong> <span className="t3">{figure.under}</span>
            </span>
          </div>
        ))}
      {largest && (
        <div className="card--row">
          <span className="t2">Largest sector</span>
          <span>
            <span className="t3">{sliceName(largest)}</span>{' '}
            <strong className="phone-figure">{format.percent(largest.percent)}</strong>
          </span>
        </div>
      )}
      <div className="card--row">
        <span className="t2">Risk appetite</span>
        <Mark shape={appetite.shape} tone={appetite.tone}>
          {appetite.word}
        </Mark>
      </div>
    </section>
  );
}
