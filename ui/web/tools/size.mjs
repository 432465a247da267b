// The size gate of the page: what a first paint loads, compressed, against its limit.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const firstPaintMost = 250_000;
const dist = fileURLToPath(new URL('../dist', import.meta.url));
const html = readFileSync(`${dist}/index.html`, 'utf8');
const first = new Set([...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path));
let sum = 0;
for (const name of readdirSync(`${dist}/assets`).sort()) {
  if (!/\.(js|css)$/.test(name)) continue;
  const packed = gzipSync(readFileSync(`${dist}/assets/${name}`)).length;
  const isFirst = first.has(`assets/${name}`);
  if (isFirst) sum += packed;
  process.stdout.write(`${String(packed).padStart(8)} B gz  ${isFirst ? 'first paint' : 'later      '}  ${name}\n`);
}
process.stdout.write(`${String(sum).padStart(8)} B gz  first paint, at most ${firstPaintMost}\n`);
process.exitCode = sum <= firstPaintMost ? 0 : 1;
