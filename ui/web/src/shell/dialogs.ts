import { create } from 'zustand';

export type Dialog =
  | { kind: 'kill' }
  | { kind: 'cancel-all' }
  | { kind: 'pause-all' }
  | { kind: 'close'; instrument: number }
  | { kind: 'parameters'; strategy: string }
  | { kind: 'limit'; name: string; subject: string }
  | { kind: 'why'; order: string }
  | { kind: 'reset' }
  | { kind: 'help' }
  | { kind: 'layouts' }
  | { kind: 'palette' };

interface DialogStore {
  dialog: Dialog | null;
}

export const useDialog = create<DialogStore>(() => ({ dialog: null }));

export function openDialog(dialog: Dialog): void {
  useDialog.setState({ dialog });
}

export function closeDialog(): void {
  useDialog.setState({ dialog: null });
}

export function openKill(): void {
  openDialog({ kind: 'kill' });
}
