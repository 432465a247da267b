import { format, type Appetite, type Leadership } from '@robotrader/client';
import { describe, expect, it } from 'vitest';
import { moods, whyNoAppetite, whyNoStanding } from './appetite';

const appetite = (change: Partial<Appetite> = {}): Appetite => ({
  held: 'neutral',
  score: 0,
  pairs: 2,
  pairs_known: 2,
  hedge_correlation: -0.15,
  breadth: 0,
  dispersion: 0.0059,
  turnover: 0.25,
  leader: 'GLD',
  at: null,
  ...change,
});

describe('risk appetite', () => {
  it('of zero is known and needs no reason', () => {
    expect(whyNoAppetite(appetite())).toBe('');
  });
  it('that is not known says how many pairs are, or that none is set', () => {
    expect(whyNoAppetite(appetite({ score: null, pairs_known: 1 }))).toContain('1 of 2 pairs known');
    expect(whyNoAppetite(appetite({ score: null, pairs: 0 }))).toContain('[regime.appetite]');
  });
  it('writes shares as percent, a known zero as zero and what is not known as a dash with a reason', () => {
    expect(moods(appetite()).map((mood) => mood.value)).toEqual(['0 %', '0.59 %', '25 %', '−0.15']);
    const unknown = moods(appetite({ breadth: null, dispersion: null, turnover: null, hedge_correlation: null }));
    for (const mood of unknown)
      expect([mood.value, mood.means]).toEqual([format.MISSING, expect.stringMatching(/^Not known/)]);
  });
});

it('a member is explained only where something of it is missing', () => {
  const member = (change: Partial<Leadership>): Leadership =>
    ({ symbol: 'SPY', strength: 1, momentum: 1, ...change }) as Leadership;
  expect(whyNoStanding(member({}))).toBe('');
  expect(whyNoStanding(member({ momentum: null }))).toContain('change');
  expect(whyNoStanding(member({ strength: null, momentum: null }))).toContain('too few bars');
});
