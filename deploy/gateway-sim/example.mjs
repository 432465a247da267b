// A Node example: starts a gateway simulator, trades through @stoqey/ib, and restarts the gateway under the open connection.
//   npm install @stoqey/ib && node example.mjs
// ROBOTRADER names the program when it is not on the PATH.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire((process.env.NODE_MODULES_OF ?? process.cwd()) + '/');
const { EventName, IBApi, OrderAction, OrderType, SecType, TimeInForce } = require('@stoqey/ib');

const sim = spawn(process.env.ROBOTRADER ?? 'robotrader', ['gateway-sim', '--port', '0', '--http', '0', '--market', 'taq', '--speed', '5']);
process.on('exit', () => sim.kill());
const { port, control } = await new Promise((resolve, reject) => {
  const found = {};
  sim.on('exit', (code) => reject(new Error(`gateway-sim ended with ${code}`)));
  createInterface({ input: sim.stdout }).on('line', (line) => {
    found.port ??= line.match(/listening\s+[\d.]+:(\d+)/)?.[1];
    found.control ??= line.match(/control\s+(http:\S+)/)?.[1];
    if (found.port && found.control) resolve(found);
  });
});

const fault = async (name, members = {}) => (await fetch(`${control}faults/${name}`, { method: 'POST', body: JSON.stringify(members) })).json();
const once = (ib, event, wanted = () => true, seconds = 20) =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no ${event} within ${seconds} s`)), seconds * 1000);
    const hear = (...words) => wanted(...words) && (clearTimeout(late), ib.off(event, hear), resolve(words));
    ib.on(event, hear);
  });
async function connect() {
  for (let tries = 0; ; ++tries) {
    const ib = new IBApi({ host: '127.0.0.1', port: Number(port), clientId: 5 });
    ib.on(EventName.error, () => {});
    const ready = once(ib, EventName.nextValidId, undefined, 3);
    ib.connect(5);
    try {
      return [ib, (await ready)[0]];
    } catch (late) {
      ib.disconnect();
      if (tries === 5) throw late;
    }
  }
}

const [ib, id] = await connect();
console.log(`connected, next order id ${id}`);
const stock = { symbol: 'XXX', secType: SecType.STK, exchange: 'SMART', currency: 'USD' };
await fault('price', { symbol: 'XXX', bid: 20, ask: 20.02, last: 20.01, size: 1000 });
const filled = once(ib, EventName.orderStatus, (order, status) => order === id && status === 'Filled');
ib.placeOrder(id, stock, { action: OrderAction.BUY, totalQuantity: 100, orderType: OrderType.MKT, tif: TimeInForce.DAY, transmit: true });
console.log(`filled at ${(await filled)[4]}`);

const gone = once(ib, EventName.disconnected);
console.log((await fault('restart', { seconds: 0.5 })).done);
await gone;
await new Promise((resolve) => setTimeout(resolve, 1000));
const [again, next] = await connect();
console.log(`reconnected, next order id ${next}`);
again.disconnect();
const state = await (await fetch(`${control}state`)).json();
console.log(`the simulator holds ${state.positions[0].quantity} ${state.positions[0].symbol}`);
process.exit(state.positions[0].quantity === '100' && next > id ? 0 : 1);
