// @stoqey/ib against the gateway simulator: connect, look, trade, cancel, survive a restart.
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';

const [modules, port, admin] = process.argv.slice(2);
const require = createRequire(path.resolve(modules, 'package.json'));
const { IBApi, EventName, SecType, OrderAction, OrderType, TimeInForce } = require('@stoqey/ib');

const step = (text) => console.log(`  ${new Date().toTimeString().slice(0, 8)} ${text}`);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
async function until(what, condition, ms = 15000) {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`${what}: did not happen within ${ms} ms`);
    await sleep(20);
  }
  step(what);
}
const command = (line) =>
  new Promise((done, fail) => {
    const socket = net.connect(Number(admin), '127.0.0.1', () => socket.write(line + '\n'));
    socket.on('data', (bytes) => (socket.end(), done(bytes.toString().trim())));
    socket.on('error', fail);
  });
function need(truth, words) {
  if (!truth) throw new Error(words);
}

const xxx = { symbol: 'XXX', secType: SecType.STK, exchange: 'SMART', currency: 'USD' };
const coin = { symbol: 'BTCUSDT', secType: SecType.CRYPTO };

async function connected(clientId) {
  const ib = new IBApi({ host: '127.0.0.1', port: Number(port), clientId });
  const seen = { errors: [], ticks: {}, depth: {}, bars: [], status: {}, fills: [], commissions: {}, open: {}, details: [], next: 0, disconnected: false };
  ib.on(EventName.error, (error, code, id) => seen.errors.push([id, code, String(error)]));
  ib.on(EventName.nextValidId, (id) => (seen.next = id));
  ib.on(EventName.contractDetails, (id, details) => seen.details.push(details));
  ib.on(EventName.contractDetailsEnd, () => (seen.detailsEnd = true));
  ib.on(EventName.tickPrice, (id, type, value) => (seen.ticks[type] = value));
  ib.on(EventName.tickByTickBidAsk, () => (seen.bidAsk = (seen.bidAsk ?? 0) + 1));
  ib.on(EventName.tickByTickMidPoint, () => (seen.mid = (seen.mid ?? 0) + 1));
  ib.on(EventName.updateMktDepth, (id, position, operation, side, price) => (seen.depth[`${side}.${position}`] = price));
  ib.on(EventName.historicalData, (id, time, open, high, low, close) => (String(time).startsWith('finished') ? (seen.barsEnd = true) : seen.bars.push({ time, open, high, low, close })));
  ib.on(EventName.openOrder, (id, contract, order, state) => (seen.open[id] = { contract, order, state }));
  ib.on(EventName.openOrderEnd, () => (seen.openEnd = true));
  ib.on(EventName.orderStatus, (id, status, filled) => (seen.status[id] = [...(seen.status[id] ?? []), status]));
  ib.on(EventName.execDetails, (id, contract, execution) => seen.fills.push(execution));
  ib.on(EventName.commissionReport, (report) => (seen.commissions[report.execId] = report.commission));
  ib.on(EventName.position, (account, contract, quantity) => ((seen.positions ??= {})[contract.symbol] = quantity));
  ib.on(EventName.positionEnd, () => (seen.positionEnd = true));
  ib.on(EventName.accountSummary, (id, account, tag, value) => ((seen.summary ??= {})[tag] = value));
  ib.on(EventName.completedOrder, () => (seen.completed = (seen.completed ?? 0) + 1));
  ib.on(EventName.completedOrdersEnd, () => (seen.completedEnd = true));
  ib.on(EventName.pnl, (id, daily) => (seen.pnl = daily));
  ib.on(EventName.marketRule, (id, rules) => (seen.rules = rules));
  ib.on(EventName.disconnected, () => (seen.disconnected = true));
  ib.connect();
  await until(`client ${clientId} is connected`, () => seen.next > 0);
  return [ib, seen];
}

async function main() {
  const [ib, seen] = await connected(31);
  need(ib.serverVersion === 193, `server version ${ib.serverVersion}`);
  ib.reqContractDetails(1, xxx);
  await until('contract details end', () => seen.detailsEnd);
  need(seen.details.length === 1 && seen.details[0].longName === 'XXX common stock (recorded market)', JSON.stringify(seen.details));
  ib.reqMarketRule(Number(String(seen.details[0].marketRuleIds).split(',')[0]));
  await until('market rule', () => seen.rules?.length > 0);
  ib.reqMktData(2, xxx, '', false, false);
  await until('level 1 streams', () => seen.ticks[1] > 0 && seen.ticks[2] >= seen.ticks[1]);
  ib.reqTickByTickData(3, xxx, 'BidAsk', 0, false);
  ib.reqTickByTickData(4, xxx, 'MidPoint', 0, false);
  await until('tick by tick streams', () => seen.bidAsk > 0 && seen.mid > 0, 40000);
  ib.reqMktDepth(5, coin, 5, false);
  await until('depth streams', () => Object.keys(seen.depth).length === 10);
  ib.reqHistoricalData(6, xxx, '', '1 D', '1 min', 'TRADES', 0, 1, false);
  await until('bars end', () => seen.barsEnd && seen.bars.length >= 5);
  ib.reqAccountSummary(7, 'All', 'NetLiquidation,BuyingPower');
  await until('account summary', () => Number(seen.summary?.NetLiquidation) > 900000);
  ib.reqPnL(8, 'DU1234567', '');
  await until('profit and loss', () => seen.pnl !== undefined);

  const order = (action, totalQuantity, orderType, more = {}) => ({ action, totalQuantity, orderType, tif: TimeInForce.DAY, transmit: true, ...more });
  const first = seen.next;
  ib.placeOrder(first, xxx, order(OrderAction.BUY, 100, OrderType.MKT, { whatIf: true }));
  await until('what-if answers', () => Number(seen.open[first]?.state.initMarginAfter) > 0);
  ib.placeOrder(first + 1, xxx, order(OrderAction.BUY, 100, OrderType.MKT));
  await until('a market order fills', () => seen.status[first + 1]?.at(-1) === 'Filled', 40000);
  await until('with its commissions', () => seen.fills.length > 0 && seen.fills.every((fill) => seen.commissions[fill.execId] > 0));
  ib.reqPositions();
  await until('the position is told', () => seen.positionEnd && seen.positions?.XXX === 100);
  const low = (share) => Math.round(seen.ticks[1] * share * 100) / 100;
  ib.placeOrder(first + 2, xxx, order(OrderAction.BUY, 10, OrderType.LMT, { lmtPrice: low(0.95) }));
  await until('a limit order rests', () => seen.status[first + 2]?.at(-1) === 'Submitted');
  ib.placeOrder(first + 2, xxx, order(OrderAction.BUY, 20, OrderType.LMT, { lmtPrice: low(0.94) }));
  await until('it is modified', () => Number(seen.open[first + 2].order.totalQuantity) === 20);
  ib.cancelOrder(first + 2, '');
  await until('and cancelled with 202', () => seen.status[first + 2].at(-1) === 'Cancelled' && seen.errors.some(([id, code]) => id === first + 2 && code === 202));
  ib.placeOrder(first + 3, xxx, order(OrderAction.BUY, 10, OrderType.LMT, { lmtPrice: low(0.95), tif: TimeInForce.GTC }));
  await until('another rests', () => seen.status[first + 3]?.at(-1) === 'Submitted');
  ib.placeOrder(first + 4, { ...xxx, symbol: 'NOSUCH' }, order(OrderAction.BUY, 10, OrderType.MKT));
  await until('an unknown contract is refused with 200', () => seen.errors.some(([id, code]) => id === first + 4 && code === 200));
  ib.reqCompletedOrders(false);
  await until('completed orders end', () => seen.completedEnd && seen.completed >= 2);

  step(await command('restart 1'));
  await until('the restart is noticed', () => seen.disconnected);
  await sleep(1500);
  const [again, now] = await connected(31);
  again.reqAllOpenOrders();
  await until('reconnected; the working order is still there', () => now.openEnd && now.open[first + 3]);
  need(now.next > first + 3, `next id ${now.next}`);
  again.reqGlobalCancel();
  await until('a global cancel ends it', () => now.status[first + 3]?.at(-1) === 'Cancelled');
  again.disconnect();
}

main().then(
  () => (console.log('@stoqey/ib: all steps passed'), process.exit(0)),
  (error) => (console.error(String(error?.stack ?? error)), process.exit(1)),
);
