// One animation-frame loop for the whole page. Panels that show market data are called once per frame and patch their own
// text nodes; nothing of this goes through React.

export type Turn = (nowMs: number) => void;

const turns = new Set<Turn>();
let running = 0;

function loop(nowMs: number): void {
  running = turns.size > 0 ? requestAnimationFrame(loop) : 0;
  for (const turn of turns) turn(nowMs);
}

/** Calls `turn` once per animation frame until the returned function is called. A hidden page has no frames. */
export function onFrame(turn: Turn): () => void {
  turns.add(turn);
  if (running === 0) running = requestAnimationFrame(loop);
  return () => turns.delete(turn);
}

/** Writes text only when it differs: the cheapest live update there is. */
export function setText(node: HTMLElement | null, text: string): void {
  if (node !== null && node.textContent !== text) node.textContent = text;
}

export function setClass(node: HTMLElement | null, name: string): void {
  if (node !== null && node.className !== name) node.className = name;
}

/** Starts the 400 ms fade of a cell again. */
export function flash(node: HTMLElement | null, way: number): void {
  if (node === null) return;
  const wanted = way > 0 ? 'flash-up' : 'flash-down';
  node.classList.remove('flash-up', 'flash-down');
  node.classList.add(wanted);
  for (const animation of node.getAnimations()) animation.currentTime = 0;
}
