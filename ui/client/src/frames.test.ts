import { describe, expect, it } from 'vitest';
import { decodeFrame, FrameError } from './frames';
import { BlockType } from './generated';
import { makeFrame } from './testing/frameBytes';

const trade = [7, 1_550_000_000_000, 105.255, 100, 1, 2, 4];

describe('a market frame', () => {
  it('is read in place, block after block', () => {
    const frame = decodeFrame(
      makeFrame(
        [
          { type: BlockType.quotes, instrument: 0, extra: 0, rows: [[3, 1, 2, 3, 4, 5, 6, 7, 8, 0, 9, 10]] },
          { type: BlockType.trades, instrument: 3, extra: 0, rows: [trade, trade] },
        ],
        { number: 9, sentAtMs: 12.5, engineAtMs: 99.25, conflated: 4 },
      ),
    );
    expect([frame.number, frame.sentAtMs, frame.engineAtMs, frame.conflated]).toEqual([9, 12.5, 99.25, 4]);
    expect(frame.blocks.map((block) => [block.type, block.instrument, block.rows, block.columns])).toEqual([
      [BlockType.quotes, 0, 1, 12],
      [BlockType.trades, 3, 2, 7],
    ]);
    expect([...(frame.blocks[1]?.values ?? [])]).toEqual([...trade, ...trade]);
  });

  it('skips a block type it does not know and reads the one after it', () => {
    const frame = decodeFrame(
      makeFrame([
        { type: 77, instrument: 1, extra: 0, rows: [[1, 2, 3]] },
        { type: BlockType.trades, instrument: 3, extra: 0, rows: [trade] },
      ]),
    );
    expect(frame.blocks.map((block) => block.type)).toEqual([BlockType.trades]);
  });

  it('keeps columns that a newer engine adds at the end of a row', () => {
    const frame = decodeFrame(
      makeFrame([{ type: BlockType.trades, instrument: 3, extra: 0, rows: [[...trade, 1234]] }]),
    );
    expect(frame.blocks[0]?.columns).toBe(8);
  });

  it('says what is wrong with damaged bytes', () => {
    const good = makeFrame([{ type: BlockType.trades, instrument: 3, extra: 0, rows: [trade] }]);
    expect(() => decodeFrame(good)).not.toThrow();
    expect(() => decodeFrame(good.slice(0, 39))).toThrow(/39 bytes has no header/);
    expect(() => decodeFrame(good.slice(0, good.byteLength - 1))).toThrow(/cut off/);
    expect(() => decodeFrame(good.slice(0, 50))).toThrow(/block 0 of 1 is cut off/);

    const wrongMagic = good.slice(0);
    new DataView(wrongMagic).setUint32(0, 1, true);
    expect(() => decodeFrame(wrongMagic)).toThrow(/not with RTMF/);

    const newer = good.slice(0);
    new DataView(newer).setUint16(4, 2, true);
    expect(() => decodeFrame(newer)).toThrow(/layout version 2/);

    const longer = new ArrayBuffer(good.byteLength + 8);
    new Uint8Array(longer).set(new Uint8Array(good));
    expect(() => decodeFrame(longer)).toThrow(/8 bytes after the last block/);

    const narrow = makeFrame([{ type: BlockType.trades, instrument: 3, extra: 0, rows: [trade.slice(0, 6)] }]);
    expect(() => decodeFrame(narrow)).toThrow(FrameError);
  });

  it('never reads beyond its end, whatever its counts claim', () => {
    const bytes = makeFrame([{ type: BlockType.trades, instrument: 3, extra: 0, rows: [trade] }]);
    new DataView(bytes).setUint32(44, 0xffff_ffff, true); // rows of the first block
    expect(() => decodeFrame(bytes)).toThrow(/cut off/);
  });
});
