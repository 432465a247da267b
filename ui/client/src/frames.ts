// Binary market frames. The layout is described in src/edge/serve/frames.hpp and docs/api.md: little-endian headers,
// then rows of float64 that are read in place.

import { BarRow, BlockType, DepthRow, Frame as Layout, QuoteRow, TradeRow } from './generated';

export interface Block {
  type: number;
  columns: number;
  rows: number;
  instrument: number;
  extra: number;
  /** rows * columns values, row after row; a view into the frame. */
  values: Float64Array;
}

export interface MarketFrame {
  number: number;
  sentAtMs: number;
  engineAtMs: number;
  conflated: number;
  blocks: Block[];
}

export class FrameError extends Error {
  override name = 'FrameError';
}

const smallestRow: Readonly<Record<number, number>> = {
  [BlockType.quotes]: Object.keys(QuoteRow).length,
  [BlockType.depth]: Object.keys(DepthRow).length,
  [BlockType.trades]: Object.keys(TradeRow).length,
  [BlockType.bars]: Object.keys(BarRow).length,
};

/** Reads a frame without copying it. Unknown block types are left out; a damaged frame throws and changes nothing. */
export function decodeFrame(buffer: ArrayBuffer): MarketFrame {
  if (buffer.byteLength < Layout.headerBytes) throw new FrameError(`frame of ${buffer.byteLength} bytes has no header`);
  const view = new DataView(buffer);
  const magic = view.getUint32(0, true);
  if (magic !== Layout.magic) throw new FrameError(`frame starts with 0x${magic.toString(16)}, not with RTMF`);
  const version = view.getUint16(4, true);
  if (version !== Layout.version)
    throw new FrameError(`frame has layout version ${version}, this page reads ${Layout.version}`);
  const header = view.getUint16(6, true);
  const count = view.getUint32(8, true);
  if (header < Layout.headerBytes || header % 8 !== 0) throw new FrameError(`frame header of ${header} bytes`);

  const blocks: Block[] = [];
  let at = header;
  for (let n = 0; n < count; n++) {
    if (at + Layout.blockHeaderBytes > buffer.byteLength) throw new FrameError(`block ${n} of ${count} is cut off`);
    const type = view.getUint16(at, true);
    const columns = view.getUint16(at + 2, true);
    const rows = view.getUint32(at + 4, true);
    const bytes = rows * columns * 8;
    if (at + Layout.blockHeaderBytes + bytes > buffer.byteLength)
      throw new FrameError(`rows of block ${n} of ${count} are cut off`);
    const least = smallestRow[type];
    if (least !== undefined) {
      if (columns < least) throw new FrameError(`block of type ${type} has ${columns} columns, ${least} are needed`);
      blocks.push({
        type,
        columns,
        rows,
        instrument: view.getUint32(at + 8, true),
        extra: view.getUint32(at + 12, true),
        values: new Float64Array(buffer, at + Layout.blockHeaderBytes, rows * columns),
      });
    }
    at += Layout.blockHeaderBytes + bytes;
  }
  if (at !== buffer.byteLength) throw new FrameError(`${buffer.byteLength - at} bytes after the last block`);
  return {
    number: view.getUint32(12, true),
    sentAtMs: view.getFloat64(16, true),
    engineAtMs: view.getFloat64(24, true),
    conflated: view.getUint32(32, true),
    blocks,
  };
}
