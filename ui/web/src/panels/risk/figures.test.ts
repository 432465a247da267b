import { format, type BookRisk } from '@robotrader/client';
import { describe, expect, it } from 'vitest';
import { methodWords, riskFigures } from './figures';

const nothing: BookRisk = {
  method: '',
  positions: 0,
  bars: 0,
  volatility_percent: null,
  value_at_risk_95_percent: null,
  value_at_risk_99_percent: null,
  expected_shortfall_percent: null,
  beta: null,
  correlation_average: null,
  effective_bets: null,
  shrinkage: null,
  at: null,
};
const measured: BookRisk = {
  ...nothing,
  method: 'filtered_history',
  positions: 3,
  bars: 1534,
  volatility_percent: 0.03,
  value_at_risk_95_percent: 0.07,
  value_at_risk_99_percent: 0.1,
  expected_shortfall_percent: 0.11,
  beta: -0.023,
  correlation_average: 0.08,
  effective_bets: 2.26,
  shrinkage: 0.018,
};
const of = (risk: BookRisk, id: string, equity = 1_000_000): { value: string; under: string } | undefined =>
  riskFigures(risk, equity, 'USD').find((figure) => figure.id === id);

describe('the risk of the book', () => {
  it('is a share of equity and what that is in money', () => {
    expect(of(measured, 'var-99')).toMatchObject({ value: '0.10 %', under: '1,000 USD' });
    expect(of(measured, 'var-99', NaN)?.under).toBe(`${format.MISSING} USD`);
  });
  it('names its method and how many positions are how many bets', () => {
    expect(methodWords(measured)).toBe('filtered historical, 1 day');
    expect(of(measured, 'bets')).toMatchObject({ value: '2.3', under: 'of 3 positions' });
  });
  it('that was not measured is a dash with a reason in every place, never a zero', () => {
    for (const figure of riskFigures(nothing, 1_000_000, 'USD')) {
      expect(figure.value, figure.id).toBe(format.MISSING);
      expect(figure.under, figure.id).toMatch(/measured|bars|matrix/);
    }
  });
  it('of an account that holds nothing is zero: that is known', () => {
    const flat = { ...measured, positions: 0, value_at_risk_99_percent: 0 };
    expect(of(flat, 'var-99')).toMatchObject({ value: '0.00 %', under: '0 USD' });
  });
  it('says which part is missing', () => {
    expect(of({ ...measured, beta: null }, 'beta')).toMatchObject({
      value: format.MISSING,
      under: 'no benchmark, or a beta is not known',
    });
    expect(of({ ...measured, value_at_risk_99_percent: null }, 'var-99')?.under).toContain('too few bars');
  });
});
