// The market's mood in words.

import { format, type Appetite, type Leadership } from '@robotrader/client';

export function whyNoAppetite(appetite: Appetite): string {
  if (appetite.score !== null) return '';
  if (appetite.pairs === 0) return 'No pairs are set in [regime.appetite].';
  return `${appetite.pairs_known} of ${format.plural(appetite.pairs, 'pair')} known: too few bars so far.`;
}

export function whyNoStanding(row: Leadership): string {
  if (row.strength === null) return 'Not known: too few bars so far, or it has not traded lately.';
  return row.momentum === null ? 'Not known: strength has to be known for a while before its change is.' : '';
}

export interface Mood {
  label: string;
  value: string;
  means: string;
}

export function moods(appetite: Appetite): Mood[] {
  const share = (value: number | null): string => format.percent(value === null ? null : value * 100, 0);
  const few = 'Not known: fewer than three of the set are.';
  return [
    {
      label: 'Breadth',
      value: share(appetite.breadth),
      means: appetite.breadth === null ? few : 'Share of the set that rose.',
    },
    {
      label: 'Dispersion',
      value: format.percent(appetite.dispersion === null ? null : appetite.dispersion * 100, 2),
      means: appetite.dispersion === null ? few : 'Standard deviation of the returns of the set.',
    },
    {
      label: 'Turnover',
      value: share(appetite.turnover),
      means: appetite.turnover === null ? few : 'How far the ranks have turned: 0 % as before, 100 % turned around.',
    },
    {
      label: 'Hedge',
      value: format.change(appetite.hedge_correlation),
      means:
        appetite.hedge_correlation === null
          ? 'Not known: the first pair has too few bars.'
          : 'Correlation of the two legs of the first pair.',
    },
  ];
}
