// The engine under test: the one at ROBO_DESK_URL, or a demo started from the binary at ROBO_BINARY for these tests alone.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const startsWithinMs = 120_000;
const livesSeconds = 1200; // as long as ctest lets these tests run

export default async function startEngine(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['ROBO_DESK_URL']) return undefined;
  const binary = process.env['ROBO_BINARY'];
  if (!binary) throw new Error('Name the desk in ROBO_DESK_URL (with #token=...) or the program in ROBO_BINARY.');
  const folder = mkdtempSync(join(tmpdir(), 'robotrader-e2e-'));
  const root = join(import.meta.dirname, '..', '..', '..');
  const engine = spawn(
    binary,
    [
      'demo',
      '--headless',
      '--seconds',
      String(livesSeconds),
      '--market',
      'all',
      '--port',
      '0',
      '--journal',
      join(folder, 'journal'),
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  process.env['ROBO_DESK_URL'] = await addressOf(engine);
  return async () => {
    engine.kill('SIGINT');
    await new Promise<void>((resolve) => {
      const late = setTimeout(() => {
        engine.kill('SIGKILL');
        resolve();
      }, 15_000);
      engine.once('exit', () => {
        clearTimeout(late);
        resolve();
      });
    });
  };
}

/** Reads the address, with its token, from what the engine prints. */
function addressOf(engine: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => {
      engine.kill('SIGKILL');
      reject(new Error(`The engine printed no address within ${startsWithinMs / 1000} s. It said:\n${said}`));
    }, startsWithinMs);
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = /https?:\/\/[^\s"']+#token=[\w.~-]+/.exec(said);
      if (!found) return;
      clearTimeout(late);
      resolve(found[0]);
    };
    engine.stdout?.on('data', hear);
    engine.stderr?.on('data', hear);
    engine.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`The engine ended with code ${code}. It said:\n${said}`));
    });
  });
}
