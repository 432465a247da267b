import type { PhraseAnswer } from '@robotrader/client';
import { expect, it } from 'vitest';
import { canDo, isCommand } from './usePhrase';

const action = { text: '', details: [], raises_risk: false, needs_reason: false, is_question: false, order: '' };
const word = { text: 'pause', from: 0, to: 5, kind: 'verb' };
const answer = (change: Partial<PhraseAnswer>): PhraseAnswer => ({
  words: [word],
  actions: [action],
  problem: '',
  ...change,
});

it('can be done when all of it was understood and it is not a question', () => {
  expect(canDo(answer({}))).toBe(true);
  expect(canDo(answer({ actions: [], problem: 'The word "dance" is not understood.' }))).toBe(false);
  expect(canDo(answer({ actions: [{ ...action, is_question: true }] }))).toBe(false);
  expect(canDo(null)).toBe(false);
});

it('is a command, not a name that is looked for, as soon as it has a verb', () => {
  expect(isCommand(answer({}))).toBe(true);
  expect(isCommand(answer({ words: [{ ...word, kind: 'unknown' }] }))).toBe(false);
});
