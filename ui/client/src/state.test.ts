import { describe, expect, it } from 'vitest';
import { applyPatch, fromSnapshot, kept, upsert } from './state';
import { makeLine, makeOrder, makePatch, makeSnapshot } from './testing/deskState';

describe('rows of a list', () => {
  const rows = [
    { id: 1, text: 'a' },
    { id: 2, text: 'b' },
  ];
  const key = (row: { id: number }): number => row.id;

  it('replace the row with their key in its place, or go to the end', () => {
    expect(
      upsert(
        rows,
        [
          { id: 1, text: 'A' },
          { id: 3, text: 'c' },
        ],
        key,
      ).map((row) => row.text),
    ).toEqual(['A', 'b', 'c']);
  });
  it('come once even when one patch names them twice: the last word counts', () => {
    expect(
      upsert(
        rows,
        [
          { id: 3, text: 'c' },
          { id: 3, text: 'C' },
        ],
        key,
      ).map((row) => row.text),
    ).toEqual(['a', 'b', 'C']);
  });
  it('stay the very same list when nothing changed, so that nothing is drawn again', () => {
    expect(upsert(rows, null, key)).toBe(rows);
    expect(upsert(rows, [], key)).toBe(rows);
    expect(upsert(rows, [{ id: 1, text: 'a' }], key)).not.toBe(rows);
  });
  it('lose the oldest beyond what is kept and not before', () => {
    const many = Array.from({ length: 3 }, (_, id) => ({ id, text: '' }));
    expect(upsert(many, [{ id: 3, text: '' }], key, 4).map(key)).toEqual([0, 1, 2, 3]);
    expect(upsert(many, [{ id: 3, text: '' }], key, 3).map(key)).toEqual([1, 2, 3]);
  });
});

describe('a patch', () => {
  const state = fromSnapshot(makeSnapshot({ orders: [makeOrder('a'), makeOrder('b')] }, { seq: 10 }));

  it('moves the desk from prev to seq', () => {
    const result = applyPatch(
      state,
      makePatch({ orders: [makeOrder('b', { state: 'filled' })], log: [makeLine(1, 'x')] }, { prev: 10, seq: 14 }),
    );
    expect(result.kind).toBe('applied');
    if (result.kind !== 'applied') return;
    expect(result.state.seq).toBe(14);
    expect(result.state.orders.map((row) => row.state)).toEqual(['working', 'filled']);
    expect(result.state.log).toHaveLength(1);
    expect(result.state.account).toBe(state.account);
  });
  it('takes orders away that the server no longer lists', () => {
    const result = applyPatch(state, makePatch({}, { orders_removed: ['a'] }));
    expect(result.kind === 'applied' && result.state.orders.map((row) => row.key)).toEqual(['b']);
  });
  it('that is known already changes nothing', () => {
    expect(applyPatch(state, makePatch({}, { prev: 5, seq: 10 })).kind).toBe('old');
  });
  it('that starts after what is known is a gap, one that starts right there is not', () => {
    expect(applyPatch(state, makePatch({}, { prev: 11, seq: 12 })).kind).toBe('gap');
    expect(applyPatch(state, makePatch({}, { prev: 10, seq: 12 })).kind).toBe('applied');
  });
  it('of another run of the engine is a gap even when its numbers fit', () => {
    expect(applyPatch(state, makePatch({}, { epoch: 'second', prev: 10, seq: 11 })).kind).toBe('gap');
  });
});

describe('a snapshot', () => {
  it('keeps the newest lines of a long log', () => {
    const log = Array.from({ length: kept.log + 5 }, (_, id) => makeLine(id, String(id)));
    const state = fromSnapshot(makeSnapshot({ log }));
    expect(state.log).toHaveLength(kept.log);
    expect(state.log.at(-1)?.id).toBe(kept.log + 4);
  });
});
