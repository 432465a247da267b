// The numbers of the frame layout, read from the generated types so that they are written once.
import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('../../client/src/generated.ts', import.meta.url), 'utf8');

/** @param {string} name @returns {Record<string, number>} */
function table(name) {
  const body = new RegExp(`export const ${name} = \\{([^}]*)\\}`).exec(text)?.[1] ?? '';
  return Object.fromEntries([...body.matchAll(/(\w+): (\d+)/g)].map(([, key, value]) => [key, Number(value)]));
}

export const Frame = /** @type {{magic: number, version: number, headerBytes: number, blockHeaderBytes: number}} */ (
  table('Frame')
);
export const BlockType = /** @type {{quotes: number, depth: number, trades: number, bars: number}} */ (
  table('BlockType')
);
