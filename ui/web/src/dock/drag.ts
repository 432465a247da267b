// What is being dragged by its header: a panel of the dock. The drop asks for it.

let source: HTMLElement | null = null;

export function beginDrag(panel: HTMLElement): void {
  source = panel;
}

export function endDrag(): void {
  source = null;
}

export function dragged(): HTMLElement | null {
  return source;
}
