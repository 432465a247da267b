// Exposures, risk of the book and rotation: the stream does not carry them, so a panel that shows them asks now and then.

import type { Answer, BookRisk, Exposure, Rotation } from '@robotrader/client';
import useSWR from 'swr';
import { api } from './api';
import { useDesk } from './desk';

const askEveryMs = 3000;

export interface Asked<T> {
  /** The last answer; null until there is one. */
  value: T | null;
  /** What the panel says while there is none. */
  waiting: string;
}

function useAsked<T>(name: string, ask: () => Promise<Answer<T>>): Asked<T> {
  const epoch = useDesk((desk) => desk.state?.epoch);
  const { data, error } = useSWR<T, Error>(
    epoch === undefined ? null : [name, epoch],
    async () => {
      const answer = await ask();
      if (!answer.ok) throw new Error(answer.refusal.text);
      return answer.value;
    },
    {
      refreshInterval: askEveryMs,
      shouldRetryOnError: false,
      isPaused: () => useDesk.getState().link.kind !== 'open',
    },
  );
  return { value: data ?? null, waiting: error?.message ?? 'The engine is asked.' };
}

export function useExposures(): Asked<Exposure[]> {
  return useAsked('exposures', () => api.exposures());
}

export function useBookRisk(): Asked<BookRisk> {
  return useAsked('risk', () => api.risk());
}

export function useRotation(): Asked<Rotation> {
  return useAsked('rotation', () => api.rotation());
}
