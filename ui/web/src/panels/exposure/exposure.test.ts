import type { Exposure } from '@robotrader/client';
import { describe, expect, it } from 'vitest';
import { exposuresOf, largestNet, sliceName, whyNoBeta, whyNoShare } from './exposure';

const slice = (kind: Exposure['kind'], name: string, gross: string, change: Partial<Exposure> = {}): Exposure => ({
  kind,
  name,
  instrument: null,
  gross,
  net: gross,
  percent: 1,
  beta_exposure: gross,
  beta: 1,
  at: null,
  ...change,
});

describe('exposures', () => {
  const rows = [
    slice('account', 'account', '300'),
    slice('sector', 'Technology', '90'),
    slice('sector', 'Financial', '210', { net: '-210' }),
    slice('sector', 'Energy', '90'),
  ];
  it('are of one kind, the largest first, equals by name', () => {
    expect(exposuresOf(rows, 'sector').map((row) => row.name)).toEqual(['Financial', 'Energy', 'Technology']);
    expect(exposuresOf(rows, 'currency')).toEqual([]);
  });
  it('have bars as long as the largest, long or short', () => {
    expect(largestNet(exposuresOf(rows, 'sector'))).toBe(210);
    expect(largestNet([])).toBe(0);
  });
  it('say that no sector is known', () => {
    expect(sliceName(slice('sector', 'unclassified', '1'))).toBe('No sector known');
    expect(sliceName(slice('sector', 'Energy', '1'))).toBe('Energy');
  });
});

describe('a beta that is not known', () => {
  it('has its reason, and one that is known has none', () => {
    expect(whyNoBeta(slice('sector', 'Energy', '1'))).toBe('');
    expect(whyNoBeta(slice('sector', 'Energy', '1', { beta: null }))).toContain('[risk]');
    expect(whyNoBeta(slice('sector', 'Energy', '1', { beta: null, net: '0' }))).toContain('cancel');
    expect(whyNoBeta(slice('currency', 'USD', '1', { beta: null }))).toContain('currency');
  });
});

it('a weight of zero is known, a missing one has its reason', () => {
  expect(whyNoShare(slice('account', 'account', '0', { percent: 0 }))).toBe('');
  expect(whyNoShare(slice('account', 'account', '0', { percent: null }))).toContain('no equity');
});
