import { Command } from 'cmdk';
import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { HoldButton } from '../components/HoldButton';
import { Key } from '../components/Key';
import { Modal } from '../components/Modal';
import { useHold } from '../components/useHold';
import { api, command } from '../live/api';
import { useDesk } from '../live/desk';
import { sendLater } from '../live/outbox';
import { openDialog } from '../shell/dialogs';
import { togglePair, toggleTheme } from '../theme/theme';
import { PhraseCard } from './PhraseCard';
import { canDo, isCommand, usePhrase } from './usePhrase';

interface Entry {
  id: string;
  text: string;
  side: string;
  run: () => void;
}

const shownMost = 40;

/** Tell it what to do, or find a symbol, a strategy, a limit or an action by name. */
export function PaletteDialog({ onClose }: { onClose: () => void }): ReactNode {
  const mode = useDesk((desk) => desk.state?.status.mode);
  const [words, setWords] = useState('');
  const [reason, setReason] = useState('');
  const [browsing, setBrowsing] = useState(false);
  const answer = usePhrase(words);
  const ready = canDo(answer);
  const raises = answer?.actions.some((action) => action.raises_risk) ?? false;
  const wantsReason =
    ready && ((answer?.actions.some((action) => action.needs_reason) ?? false) || (mode === 'LIVE' && raises));
  const may = ready && (!wantsReason || reason.trim() !== '');
  const holds = mode === 'PAPER' || mode === 'LIVE';
  const entries = useEntries();
  const shown = matching(entries, words);

  const apply = (): void => {
    if (!may) return;
    const because = reason.trim();
    sendLater(words.trim(), () => void command(api.doPhrase({ text: words, reason: because === '' ? null : because })));
    onClose();
  };
  const hold = useHold(apply);

  // Enter is the command's while there is one; the arrows give it to the list below.
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') setBrowsing(true);
    if (event.key !== 'Enter' || browsing || !ready) return;
    event.preventDefault();
    event.stopPropagation();
    if (!holds) apply();
    else if (!event.repeat && may) hold.start();
  };

  return (
    <Modal
      testId="palette"
      title="Tell it what to do, or go to"
      wide
      onClose={onClose}
      onKeyUp={(event) => event.key === 'Enter' && hold.stop()}
      footer={
        ready ? (
          <>
            {holds ? (
              <HoldButton
                hold={hold}
                idle="Hold Enter to apply"
                holding={(left) => `Keep holding, ${left}`}
                disabled={!may}
                testId="palette-apply"
              />
            ) : (
              <button
                type="button"
                className="btn btn--main"
                disabled={!may}
                onClick={apply}
                data-testid="palette-apply"
              >
                Apply <Key>Enter</Key>
              </button>
            )}
            <span className="t2">
              It leaves after 3 s. Take it back with <Key>Ctrl Z</Key>
            </span>
          </>
        ) : undefined
      }
    >
      <Command shouldFilter={false} label="A command, a symbol, a strategy, a limit or an action" className="goto">
        <div onKeyDownCapture={onKeyDown}>
          <Command.Input
            className="input"
            value={words}
            onValueChange={(text) => {
              setWords(text);
              setBrowsing(false);
            }}
            placeholder="pause momentum · close AAPL · cancel all · daily loss limit 5000 · why AAPL · or a name"
          />
        </div>
        {answer !== null && (answer.problem === '' || isCommand(answer)) && <PhraseCard answer={answer} />}
        {wantsReason && (
          <label className="field phrase-reason">
            Reason, kept in the audit trail
            <input
              className="input"
              value={reason}
              maxLength={80}
              data-testid="palette-reason"
              onChange={(event) => setReason(event.target.value)}
            />
          </label>
        )}
        <Command.List className="scroll goto-list">
          {shown.length === 0 && answer !== null && answer.problem !== '' && !isCommand(answer) && (
            <Command.Empty className="empty">Nothing is called that.</Command.Empty>
          )}
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

function useEntries(): readonly Entry[] {
  const state = useDesk((desk) => desk.state);
  const select = useDesk((desk) => desk.select);
  return useMemo<Entry[]>(
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
}

function matching(entries: readonly Entry[], words: string): readonly Entry[] {
  const wanted = words.toLowerCase().trim();
  return entries
    .filter((entry) => `${entry.text} ${entry.side}`.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a, wanted) - rank(b, wanted))
    .slice(0, shownMost);
}

function rank(entry: Entry, wanted: string): number {
  const text = entry.text.toLowerCase();
  return text === wanted ? 0 : text.startsWith(wanted) ? 1 : 2;
}
