import { create } from 'zustand';

export type ToastLevel = 'plain' | 'warn' | 'danger';

export interface Toast {
  id: number;
  level: ToastLevel;
  text: string;
}

interface ToastStore {
  toasts: readonly Toast[];
  dismiss: (id: number) => void;
}

let nextId = 1;
const plainMs = 4000;

export const useToasts = create<ToastStore>((set) => ({
  toasts: [],
  dismiss: (id) => set((store) => ({ toasts: store.toasts.filter((toast) => toast.id !== id) })),
}));

/** One sentence at the bottom left. Plain ones leave after four seconds, the others stay until they are read. */
export function say({ level, text }: { level: ToastLevel; text: string; key?: string }): void {
  const { toasts, dismiss } = useToasts.getState();
  if (toasts.some((toast) => toast.text === text)) return;
  const id = nextId++;
  useToasts.setState({ toasts: [...toasts, { id, level, text }].slice(-4) });
  if (level === 'plain') setTimeout(() => dismiss(id), plainMs);
}
