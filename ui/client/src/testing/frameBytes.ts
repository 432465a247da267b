// Writes market frames as the engine does, so that the reader can be tested without one.

import { Frame } from '../generated';

export interface BlockRows {
  type: number;
  instrument: number;
  extra: number;
  rows: readonly (readonly number[])[];
}

export function makeFrame(
  blocks: readonly BlockRows[],
  head: { number?: number; sentAtMs?: number; engineAtMs?: number; conflated?: number } = {},
): ArrayBuffer {
  const widths = blocks.map((block) => block.rows[0]?.length ?? 0);
  const size = blocks.reduce<number>(
    (sum, block, n) => sum + Frame.blockHeaderBytes + block.rows.length * (widths[n] ?? 0) * 8,
    Frame.headerBytes,
  );
  const bytes = new ArrayBuffer(size);
  const view = new DataView(bytes);
  view.setUint32(0, Frame.magic, true);
  view.setUint16(4, Frame.version, true);
  view.setUint16(6, Frame.headerBytes, true);
  view.setUint32(8, blocks.length, true);
  view.setUint32(12, head.number ?? 1, true);
  view.setFloat64(16, head.sentAtMs ?? 0, true);
  view.setFloat64(24, head.engineAtMs ?? 0, true);
  view.setUint32(32, head.conflated ?? 0, true);
  let at: number = Frame.headerBytes;
  blocks.forEach((block, n) => {
    view.setUint16(at, block.type, true);
    view.setUint16(at + 2, widths[n] ?? 0, true);
    view.setUint32(at + 4, block.rows.length, true);
    view.setUint32(at + 8, block.instrument, true);
    view.setUint32(at + 12, block.extra, true);
    at += Frame.blockHeaderBytes;
    for (const value of block.rows.flat()) {
      view.setFloat64(at, value, true);
      at += 8;
    }
  });
  return bytes;
}
