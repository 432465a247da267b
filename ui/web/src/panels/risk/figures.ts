// The risk of the book in figures, each with the reason when it is not known.

import { format, type BookRisk } from '@robotrader/client';

export interface Figure {
  id: string;
  label: string;
  value: string;
  /** Below the value: the amount, what it means, or why there is none. */
  under: string;
}

const methods: Record<string, string> = {
  student_t: 'Student t on the correlations',
  filtered_history: 'filtered historical',
};

export function methodWords(risk: BookRisk): string {
  if (risk.method === '') return 'nothing measured yet';
  return `${methods[risk.method] ?? risk.method}, 1 day`;
}

export function whyNoRisk(risk: BookRisk): string {
  if (risk.method === '') return 'nothing measured yet';
  return 'a position has no price or too few bars';
}

/** `equity` in the account's currency; NaN: not known. */
export function riskFigures(risk: BookRisk, equity: number, currency: string): Figure[] {
  const ofEquity = (id: string, label: string, percent: number | null): Figure => ({
    id,
    label,
    value: format.percent(percent, 2),
    under:
      percent === null
        ? whyNoRisk(risk)
        : `${format.money(Number.isFinite(equity) ? (equity * percent) / 100 : null, 0)} ${currency}`,
  });
  const plain = (id: string, label: string, value: number | null, decimals: number, means: string): Figure => ({
    id,
    label,
    value: format.price(value, decimals),
    under: value === null ? (id === 'beta' ? whyNoBookBeta(risk) : whyNoRisk(risk)) : means,
  });
  return [
    ofEquity('var-99', 'VaR 99 %', risk.value_at_risk_99_percent),
    ofEquity('var-95', 'VaR 95 %', risk.value_at_risk_95_percent),
    ofEquity('shortfall', 'ES 97.5 %', risk.expected_shortfall_percent),
    ofEquity('volatility', 'Volatility', risk.volatility_percent),
    plain('beta', 'Beta of the book', risk.beta, 3, 'to the benchmark, of equity'),
    plain('bets', 'Effective bets', risk.effective_bets, 1, `of ${format.plural(risk.positions, 'position')}`),
    {
      id: 'correlation',
      label: 'Average correlation',
      value: format.price(risk.correlation_average),
      under: risk.correlation_average === null ? 'too few bars of two symbols' : 'of all pairs of symbols',
    },
    {
      id: 'shrinkage',
      label: 'Matrix shrunk by',
      value: format.percent(risk.shrinkage === null ? null : risk.shrinkage * 100),
      under: risk.shrinkage === null ? 'no matrix yet' : `${format.plural(risk.bars, 'bar')} seen`,
    },
  ];
}

function whyNoBookBeta(risk: BookRisk): string {
  return risk.method === '' ? whyNoRisk(risk) : 'no benchmark, or a beta is not known';
}
