import { Command } from 'cmdk';
import { useMemo, useState, type ReactNode } from 'react';
import { Modal } from '../components/Modal';
import { useDesk } from '../live/desk';
import { openDialog } from '../shell/dialogs';
import { togglePair, toggleTheme } from '../theme/theme';

interface Entry {
  id: string;
  text: string;
  side: string;
  run: () => void;
}

const shownMost = 40;

/** Symbols, strategies and actions by name. */
export function GoToDialog({ onClose }: { onClose: () => void }): ReactNode {
  const state = useDesk((desk) => desk.state);
  const select = useDesk((desk) => desk.select);
  const [words, setWords] = useState('');
  const entries = useMemo<Entry[]>(
    () => [
      ...(state?.instruments ?? []).map((row) => ({
        id: `i${row.id}`,
        text: row.symbol,
        side: row.name || row.source,
        run: () => select(row.id),
      })),
      ...(state?.strategies ?? []).map((row) => ({
        id: `s${row.name}`,
        text: row.title,
        side: 'strategy',
        run: () => openDialog({ kind: 'parameters', strategy: row.name }),
      })),
      ...(state?.limits ?? [])
        .filter((row) => row.editable)
        .map((row) => ({
          id: `l${row.name}${row.subject}`,
          text: `${row.title} ${row.subject}`.trim(),
          side: 'limit',
          run: () => openDialog({ kind: 'limit', name: row.name, subject: row.subject }),
        })),
      { id: 'a1', text: 'Cancel all orders', side: 'action', run: () => openDialog({ kind: 'cancel-all' }) },
      { id: 'a2', text: 'Pause all strategies', side: 'action', run: () => openDialog({ kind: 'pause-all' }) },
      { id: 'a3', text: 'Stop trading (KILL)', side: 'action', run: () => openDialog({ kind: 'kill' }) },
      { id: 'a4', text: 'Dark or light', side: 'action', run: toggleTheme },
      { id: 'a5', text: 'Colour pair', side: 'action', run: togglePair },
    ],
    [state?.instruments, state?.strategies, state?.limits, select],
  );
  const wanted = words.toLowerCase().trim();
  const shown = entries
    .filter((entry) => `${entry.text} ${entry.side}`.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a, wanted) - rank(b, wanted))
    .slice(0, shownMost);

  return (
    <Modal testId="goto-dialog" title="Go to" onClose={onClose}>
      <Command shouldFilter={false} label="Go to a symbol, a strategy, a limit or an action" className="goto">
        <Command.Input
          className="input"
          value={words}
          onValueChange={setWords}
          placeholder="Symbol, strategy, limit, action"
        />
        <Command.List className="scroll goto-list">
          <Command.Empty className="empty">Nothing is called that.</Command.Empty>
          {shown.map((entry) => (
            <Command.Item
              key={entry.id}
              value={entry.id}
              onSelect={() => {
                onClose();
                entry.run();
              }}
            >
              <span className="t1">{entry.text}</span>
              <span className="t3">{entry.side}</span>
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </Modal>
  );
}

function rank(entry: Entry, wanted: string): number {
  const text = entry.text.toLowerCase();
  return text === wanted ? 0 : text.startsWith(wanted) ? 1 : 2;
}
