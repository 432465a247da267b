import type { ReactNode } from 'react';

/** The five shapes of a state. Every state is a shape and a word; colour only repeats them. */
export type Shape = 'dot' | 'ring' | 'diamond' | 'triangle' | 'bars' | 'none';
export type Tone = 'plain' | 'quiet' | 'up' | 'down' | 'warn' | 'danger' | 'info' | 'own';

const toneClass: Record<Tone, string> = {
  plain: 't1',
  quiet: 't2',
  up: 'up',
  down: 'down',
  warn: 'warn',
  danger: 'danger',
  info: 'info',
  own: 'own',
};

export function Glyph({ shape }: { shape: Shape }): ReactNode {
  if (shape === 'none') return null;
  return (
    <svg viewBox="0 0 8 8" width="8" height="8" aria-hidden="true" focusable="false">
      {shape === 'dot' && <circle cx="4" cy="4" r="3.2" fill="currentColor" />}
      {shape === 'ring' && <circle cx="4" cy="4" r="2.7" fill="none" stroke="currentColor" strokeWidth="1.3" />}
      {shape === 'diamond' && <path d="M4 0l4 4-4 4-4-4z" fill="currentColor" />}
      {shape === 'triangle' && <path d="M4 .6L8 7.6H0z" fill="currentColor" />}
      {shape === 'bars' && <path d="M1 .5h2v7H1zM5 .5h2v7H5z" fill="currentColor" />}
    </svg>
  );
}

export function Mark({ shape, tone, children }: { shape: Shape; tone: Tone; children: ReactNode }): ReactNode {
  return (
    <span className={`status medium ${toneClass[tone]}`}>
      <Glyph shape={shape} />
      {children}
    </span>
  );
}
