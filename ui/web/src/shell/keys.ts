import { useEffect, useRef } from 'react';
import { resetArrangement } from '../dock/dockStore';
import { takeBack } from '../live/outbox';
import { say } from '../live/toasts';
import { togglePair, toggleTheme } from '../theme/theme';
import { openDialog, openKill, useDialog } from './dialogs';

export interface DeskActions {
  workspace: (place: number) => void;
  maximise: (panel: string) => void;
  restore: () => void;
  isMaximised: boolean;
}

export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !['radio', 'checkbox', 'button', 'range'].includes(target.type);
}

function panels(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-panel]')];
}

function focusedPanel(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>('[data-panel]') ?? null;
}

/** F6 and Shift F6: to the pane of the next panel, so that its own keys act at once. */
function focusNextPanel(step: 1 | -1): void {
  const all = panels();
  if (all.length === 0) return;
  const at = all.indexOf(focusedPanel() ?? document.body);
  const next = all[(at + step + all.length) % all.length];
  (next?.querySelector<HTMLElement>('.pane[tabindex="0"]') ?? next)?.focus();
}

/** Keys of the whole desk. Single letters act only where no text is being written and no dialog is open. */
export function useDeskKeys(actions: DeskActions): void {
  const now = useRef(actions);
  useEffect(() => {
    now.current = actions;
  }, [actions]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && event.shiftKey) {
        event.preventDefault();
        openKill();
        return;
      }
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        openDialog({ kind: 'palette' });
        return;
      }
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z') {
        if (!isTextField(event.target) && takeBack()) {
          event.preventDefault();
          say({ level: 'plain', text: 'Taken back. Nothing was sent.' });
        }
        return;
      }
      if (event.key === 'F6') {
        event.preventDefault();
        focusNextPanel(event.shiftKey ? -1 : 1);
        return;
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (useDialog.getState().dialog !== null || isTextField(event.target)) return;
      if (letter(event, now.current)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function letter(event: KeyboardEvent, actions: DeskActions): boolean {
  if (/^[1-6]$/.test(event.key)) {
    actions.workspace(Number(event.key) - 1);
    return true;
  }
  switch (event.key) {
    case '?':
      openDialog({ kind: 'help' });
      return true;
    case 't':
      toggleTheme();
      return true;
    case 'T':
      togglePair();
      return true;
    case 'C':
      openDialog({ kind: 'cancel-all' });
      return true;
    case 'P':
      openDialog({ kind: 'pause-all' });
      return true;
    case 'L':
      openDialog({ kind: 'layouts' });
      return true;
    case 'R':
      return resetArrangement();
    case 'g':
      openDialog({ kind: 'palette' });
      return true;
    case 'm': {
      const panel = focusedPanel()?.dataset['panel'];
      if (panel === undefined) return false;
      actions.maximise(panel);
      return true;
    }
    case 'Escape':
      if (takeBack()) {
        say({ level: 'plain', text: 'Taken back. Nothing was sent.' });
        return true;
      }
      if (!actions.isMaximised) return false;
      actions.restore();
      return true;
    default:
      return false;
  }
}
