import type { Parameter } from '@robotrader/client';
import { describe, expect, it } from 'vitest';
import { changesOf, checkDraft } from './drafts';

const parameter: Parameter = {
  name: 'lookback',
  unit: 'bars',
  help: '',
  value: 20,
  min: 5,
  max: 200,
  step: 1,
  initial: 20,
  fixed: false,
};

describe('an edit of a parameter', () => {
  it('may reach its bounds and not pass them', () => {
    expect(checkDraft(parameter, '5')).toBeNull();
    expect(checkDraft(parameter, '4')).toBe('at least 5');
    expect(checkDraft(parameter, '200')).toBeNull();
    expect(checkDraft(parameter, '201')).toBe('at most 200');
  });
  it('must be a number on a step', () => {
    expect(checkDraft(parameter, '')).toBe('not a number');
    expect(checkDraft(parameter, '1e')).toBe('not a number');
    expect(checkDraft(parameter, '20.5')).toBe('in steps of 1');
    expect(checkDraft({ ...parameter, step: 0.1, min: 0.5 }, '0.8')).toBeNull();
  });
  it('is a change only when the value differs', () => {
    expect(changesOf([parameter], {})).toEqual([]);
    expect(changesOf([parameter], { lookback: '20' })).toEqual([]);
    expect(changesOf([parameter], { lookback: '999' })).toEqual([]);
    expect(changesOf([parameter], { lookback: '30' })).toEqual([{ name: 'lookback', from: 20, to: 30, unit: 'bars' }]);
  });
});
