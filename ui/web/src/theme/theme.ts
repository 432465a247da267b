import { create } from 'zustand';

export type Theme = 'dark' | 'light';
export type Pair = 'default' | 'cb';

interface Look {
  theme: Theme;
  pair: Pair;
  /** False until the reader has chosen a colour pair once; it is offered on the first start. */
  pairChosen: boolean;
}

const storageKey = 'robotrader.look';

function load(): Look {
  const fallback: Look = { theme: 'dark', pair: 'default', pairChosen: false };
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<Look>;
    return {
      theme: kept.theme === 'light' ? 'light' : fallback.theme,
      pair: kept.pair === 'cb' ? 'cb' : fallback.pair,
      pairChosen: kept.pairChosen === true,
    };
  } catch {
    return fallback;
  }
}

export const useLook = create<Look>(() => load());

function show(look: Look): void {
  const root = document.documentElement;
  root.dataset['theme'] = look.theme;
  root.dataset['pair'] = look.pair;
  document
    .querySelector('meta[name=theme-color]')
    ?.setAttribute('content', look.theme === 'dark' ? '#08090c' : '#e3e7ec');
}

function change(next: Partial<Look>): void {
  useLook.setState(next);
  const { theme, pair, pairChosen } = useLook.getState();
  localStorage.setItem(storageKey, JSON.stringify({ theme, pair, pairChosen }));
  show(useLook.getState());
}

export function applyStoredLook(): void {
  show(useLook.getState());
}

export function toggleTheme(): void {
  change({ theme: useLook.getState().theme === 'dark' ? 'light' : 'dark' });
}

export function togglePair(): void {
  choosePair(useLook.getState().pair === 'cb' ? 'default' : 'cb');
}

export function choosePair(pair: Pair): void {
  change({ pair, pairChosen: true });
}

/** A token's colour for a canvas, which cannot read CSS variables by itself. */
export function cssColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
