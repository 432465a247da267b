// A development tool: a made-up engine to rehearse the page against while no real one runs. Its market is a random walk and
// its fills are invented; nothing here ships, and no test of the product runs against it.
//   node web/tools/rehearsal.mjs [port]      then open http://127.0.0.1:<port>/#token=rehearsal
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { chartOf, fillSome, makeDesk, walk, previewOf, whyOf } from './rehearsal-market.mjs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const port = Number(process.argv[2] ?? 8090);
const world = makeDesk();
const epoch = `rehearsal-${Date.now()}`;
let seq = 1;
/** @type {Set<{socket: import('ws').WebSocket, subs: Set<string>, frame: number, sentTrades: Map<number, number>}>} */
const clients = new Set();
let mute = false;

/** @param {Record<string, unknown>} changes */
function patch(changes) {
  const all = {
    status: null,
    account: null,
    instruments: null,
    positions: null,
    orders: null,
    fills: null,
    denials: null,
  };
  const rest = { strategies: null, limits: null, equity: null, regimes: null, signals: null, log: null };
  const message = {
    type: 'patch',
    epoch,
    prev: seq,
    seq: ++seq,
    venues: null,
    changes: { ...all, ...rest, ...changes },
    orders_removed: [],
  };
  tell(message);
}
/** @param {unknown} message */
function tell(message) {
  if (mute) return;
  for (const client of clients) client.socket.send(JSON.stringify(message));
}
/** @param {string} text @param {string} level @param {string} topic @param {number|null} instrument */
function log(text, level = 'info', topic = 'system', instrument = null) {
  const line = {
    id: world.state.log.length + 1,
    at: world.iso(),
    level,
    topic,
    text,
    instrument,
    order: '',
    strategy: '',
  };
  world.state.log.push(line);
  patch({ log: [line] });
}

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://x');
  /** @param {number} status @param {unknown} body */
  const answer = (status, body) => {
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (url.pathname.startsWith('/rehearsal/')) {
    const [, , verb, value] = url.pathname.split('/');
    if (verb === 'mute') mute = value !== 'off';
    if (verb === 'drop') for (const client of clients) client.socket.terminate();
    if (verb === 'mode') world.state.status.mode = /** @type {never} */ (value);
    if (verb === 'gateway') world.setGateway(value ?? 'logged_in');
    patch({ status: world.state.status });
    answer(200, {});
    return;
  }
  if (url.pathname.startsWith('/api/v1/')) {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      const body = text === '' ? {} : JSON.parse(text);
      rest(request.method ?? 'GET', url, body, answer);
    });
    return;
  }
  const path = normalize(url.pathname === '/' ? '/index.html' : url.pathname);
  readFile(join(dist, path)).then(
    (data) => {
      response.writeHead(200, {
        'Content-Type': types[/** @type {keyof typeof types} */ (extname(path))] ?? 'application/octet-stream',
        'Content-Security-Policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws:",
      });
      response.end(data);
    },
    () => answer(404, { code: 'not_found', text: path, details: [] }),
  );
});

/**
 * @param {string} method @param {URL} url @param {any} body
 * @param {(status: number, body: unknown) => void} answer
 */
function rest(method, url, body, answer) {
  const parts = url.pathname.slice('/api/v1/'.length).split('/').map(decodeURIComponent);
  const accepted = () => answer(202, { request: 1, text: 'accepted' });
  const { state } = world;
  if (method === 'GET') {
    if (parts[0] === 'instruments' && parts[2] === 'candles')
      return answer(200, chartOf(world, Number(parts[1]), url.searchParams.get('bar') ?? '1m'));
    if (parts[0] === 'flatten') return answer(200, previewOf(world));
    if (parts[2] === 'why') return answer(200, whyOf(world, parts[1] ?? ''));
    if (parts.length === 1 && parts[0] && parts[0] in state)
      return answer(200, state[/** @type {keyof typeof state} */ (parts[0])]);
    return answer(404, { code: 'not_found', text: 'There is no such route.', details: [] });
  }
  if (parts[0] === 'strategies') {
    const row = state.strategies.find((entry) => entry.name === parts[1]);
    if (!row) return answer(404, { code: 'not_found', text: `There is no strategy ${parts[1]}.`, details: [] });
    if (parts[2] === 'parameters') {
      const parameter = row.parameters.find((entry) => entry.name === parts[3]);
      if (parameter) parameter.value = body.value;
      log(`${row.title}: ${parts[3]} is now ${body.value}.`, 'info', 'operator');
    } else {
      row.state = parts[2] === 'start' ? 'running' : parts[2] === 'pause' ? 'paused' : 'off';
      log(`${row.title} is ${row.state}.`, 'info', 'operator');
    }
    patch({ strategies: [row] });
    return accepted();
  }
  if (parts[0] === 'entries') {
    state.status.entries_allowed = parts[1] === 'resume';
    state.status.kill.state = parts[1] === 'resume' ? 'ready' : 'entries_stopped';
    patch({ status: state.status });
    return accepted();
  }
  if (parts[0] === 'kill') {
    if (parts[1] === 'reset') {
      state.status.kill = { ...state.status.kill, state: 'ready' };
      state.status.entries_allowed = true;
    } else {
      state.status.kill = {
        ...state.status.kill,
        state: 'fired',
        by: 'desk',
        reason: body.reason ?? '',
        at: world.iso(),
        orders_total: 3,
        orders_cancelled: 3,
        positions_total: 2,
        positions_closed: 2,
      };
      state.status.entries_allowed = false;
      world.flatten(body.scope);
      log(`Kill switch fired: ${body.scope}.`, 'alarm', 'operator');
    }
    patch({ status: state.status, orders: state.orders, positions: state.positions, strategies: state.strategies });
    return accepted();
  }
  if (parts[0] === 'limits') {
    const row = state.limits.find((entry) => entry.name === parts[1]);
    if (row) row.limit = body.value;
    patch({ limits: row ? [row] : [] });
    return accepted();
  }
  if (parts[0] === 'orders' || parts[0] === 'positions') {
    world.flatten(parts[0] === 'orders' ? 'cancel_entries' : 'flatten');
    patch({ orders: state.orders, positions: state.positions });
    return accepted();
  }
  return answer(404, { code: 'not_found', text: 'There is no such route.', details: [] });
}

const sockets = new WebSocketServer({ server, path: '/api/v1/stream', perMessageDeflate: false });
sockets.on('connection', (socket) => {
  const client = { socket, subs: new Set(), frame: 0, sentTrades: new Map() };
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (mute) return;
    if (message.type === 'hello' || message.type === 'snapshot') {
      socket.send(
        JSON.stringify({
          type: 'snapshot',
          protocol: 1,
          epoch,
          seq,
          rate: 60,
          venues: world.venues,
          state: world.state,
        }),
      );
      clients.add(client);
    } else if (message.type === 'subscribe') client.subs.add(`${message.channel}|${message.instrument ?? ''}`);
    else if (message.type === 'unsubscribe') client.subs.delete(`${message.channel}|${message.instrument ?? ''}`);
  });
  socket.on('close', () => clients.delete(client));
});

setInterval(() => {
  walk(world);
  if (mute) return;
  for (const client of clients) {
    const frame = world.frame(client);
    if (frame) client.socket.send(frame);
  }
}, 33);
setInterval(() => {
  const changed = fillSome(world);
  patch(changed.rows);
  if (changed.text) log(changed.text, 'info', 'order', changed.instrument);
}, 500);
setInterval(() => tell({ type: 'heartbeat', epoch, seq, wall: new Date().toISOString() }), 1000);

server.listen(port, '127.0.0.1', () =>
  process.stdout.write(`rehearsal (made-up market) at http://127.0.0.1:${port}/#token=rehearsal\n`),
);
