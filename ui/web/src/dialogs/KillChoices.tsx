import type { KillScope } from '@robotrader/client';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { Key } from '../components/Key';
import type { KillChoice } from './useKill';

/** How far a stop goes: one of three, with number keys on the desk. */
export function KillChoices({
  choices,
  scope,
  onChoose,
  keys = true,
}: {
  choices: readonly KillChoice[];
  scope: KillScope;
  onChoose: (scope: KillScope) => void;
  keys?: boolean;
}): ReactNode {
  const group = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (keys) group.current?.querySelector<HTMLElement>('[aria-checked=true]')?.focus();
  }, [keys]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = choices.findIndex((choice) => choice.scope === scope);
    const next = choices[(at + step + choices.length) % choices.length];
    if (!next) return;
    onChoose(next.scope);
    group.current?.querySelector<HTMLElement>(`[data-scope=${next.scope}]`)?.focus();
  };

  return (
    <div
      role="radiogroup"
      aria-label="How far to go"
      className="choices"
      ref={group}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      {choices.map((choice, place) => (
        <button
          key={choice.scope}
          type="button"
          role="radio"
          aria-checked={choice.scope === scope}
          tabIndex={choice.scope === scope ? 0 : -1}
          className="choice"
          data-scope={choice.scope}
          data-testid={`kill-${choice.scope}`}
          onClick={() => onChoose(choice.scope)}
        >
          <i />
          <span>
            <strong>{choice.title}</strong>
            <span>{choice.text}</span>
          </span>
          {keys && <Key>{place + 1}</Key>}
        </button>
      ))}
    </div>
  );
}
