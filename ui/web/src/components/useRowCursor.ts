import { useCallback, useId, useRef, useState, type KeyboardEvent } from 'react';

export interface RowCursor<Key extends string | number> {
  cursor: Key | null;
  setCursor: (key: Key | null) => void;
  /** Props of the scrolling element around the grid. */
  paneProps: {
    tabIndex: 0;
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
    'aria-activedescendant': string | undefined;
    role: 'grid';
  };
  rowProps: (key: Key) => {
    id: string;
    'data-row': Key;
    'aria-selected': boolean;
    onClick: () => void;
  };
}

const page = 10;

/** A selected row that arrows, Home, End and the page keys move; it stays on its key when rows come and go. */
export function useRowCursor<Key extends string | number>(
  keys: readonly Key[],
  options: { onMove?: (key: Key) => void; onEnter?: (key: Key) => void; value?: Key | null } = {},
): RowCursor<Key> {
  const base = useId();
  const [own, setOwn] = useState<Key | null>(null);
  const cursor = options.value !== undefined ? options.value : own;
  const { onMove, onEnter } = options;
  const pane = useRef<HTMLElement | null>(null);
  const idOf = (key: Key): string => `${base}-${key}`;

  const setCursor = useCallback(
    (key: Key | null) => {
      setOwn(key);
      if (key !== null) onMove?.(key);
    },
    [onMove],
  );

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = cursor === null ? -1 : keys.indexOf(cursor);
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at <= 0 ? 0 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: keys.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined && keys.length > 0) {
      event.preventDefault();
      const key = keys[Math.max(0, Math.min(keys.length - 1, to))] as Key;
      setCursor(key);
      pane.current = event.currentTarget;
      requestAnimationFrame(() => document.getElementById(idOf(key))?.scrollIntoView({ block: 'nearest' }));
    } else if (event.key === 'Enter' && cursor !== null && onEnter) {
      event.preventDefault();
      onEnter(cursor);
    }
  };

  return {
    cursor,
    setCursor,
    paneProps: {
      tabIndex: 0,
      role: 'grid',
      onKeyDown,
      'aria-activedescendant': cursor !== null && keys.includes(cursor) ? idOf(cursor) : undefined,
    },
    rowProps: (key) => ({
      id: idOf(key),
      'data-row': key,
      'aria-selected': key === cursor,
      onClick: () => setCursor(key),
    }),
  };
}
