import type { PhraseAnswer } from '@robotrader/client';
import { useEffect, useState } from 'react';
import { api } from '../live/api';

const restMs = 120;

/** What the engine makes of the words, asked again when the typing rests. Null while it is not known. */
export function usePhrase(words: string): PhraseAnswer | null {
  const [known, setKnown] = useState<{ words: string; answer: PhraseAnswer } | null>(null);
  useEffect(() => {
    if (words.trim() === '') return;
    let wanted = true;
    const timer = setTimeout(() => {
      void api.readPhrase(words).then((answer) => {
        if (wanted && answer.ok) setKnown({ words, answer: answer.value });
      });
    }, restMs);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [words]);
  return known?.words === words ? known.answer : null;
}

/** The understood part of an answer: what would be done, in order. Empty when any of it cannot be. */
export function canDo(answer: PhraseAnswer | null): boolean {
  return answer !== null && answer.problem === '' && answer.actions.some((action) => !action.is_question);
}

/** True when a word was taken for something before the one that stopped it: then the problem is worth saying. */
export function isCommand(answer: PhraseAnswer | null): boolean {
  return answer !== null && answer.words.some((word) => word.kind === 'verb' || word.kind === 'limit');
}
