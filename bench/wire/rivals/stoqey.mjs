// @stoqey/ib on the same bytes: its own decoder and encoder, with callbacks that do nothing.
//   node stoqey.mjs decode FRAMES SERVER_VERSION SECONDS     prints messages per second and its version
//   node stoqey.mjs encode - SERVER_VERSION SECONDS
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { Decoder } = require("../../node_modules/@stoqey/ib/dist/core/io/decoder.js");
const { Encoder } = require("../../node_modules/@stoqey/ib/dist/core/io/encoder.js");
const { Socket } = require("../../node_modules/@stoqey/ib/dist/core/io/socket.js");
const { version } = require("../../node_modules/@stoqey/ib/package.json");

const [what, file, serverVersionText, secondsText] = process.argv.slice(2);
const serverVersion = Number(serverVersionText);
const seconds = Number(secondsText);
let events = 0;
const callback = {
  serverVersion,
  emitEvent() { ++events; },
  emitError(text) { throw new Error(text); },
  emitInfo() {},
};

/** Nanoseconds of processor this thread has had: a neighbour's time slice is not counted, our garbage collection is. */
const busy = () => Number(readFileSync("/proc/self/schedstat", "utf8").split(" ", 1)[0]);

/** Batches (each says how many it did) per second of this thread's processor time, after a warm-up. */
function rate(batch) {
  const warm = process.hrtime.bigint() + 300_000_000n;
  while (process.hrtime.bigint() < warm) batch();
  const start = busy();
  const end = start + seconds * 1e9;
  let count = 0;
  let now = start;
  while (now < end) {
    count += batch();
    now = busy();
  }
  return (count * 1e9) / (now - start);
}

let perSecond = 0;
if (what === "decode") {
  const bytes = readFileSync(file);
  const decoder = new Decoder(callback);
  // Its own way from the socket's bytes to the decoder, in portions as ours.
  const socket = Object.create(Socket.prototype);
  Object.defineProperty(socket, "useV100Plus", { value: true });
  Object.assign(socket, { _v100MessageBuffer: Buffer.alloc(0), dataFragment: "", neverReceived: false, waitingAsync: false });
  socket.controller = {
    emitEvent() {},
    onMessage(tokens) { decoder.enqueueMessage(tokens); },
    processIngressQueue() { decoder.process(); },
  };
  const portion = 16 * 1024;
  let frames = 0;
  for (let at = 0; at + 4 <= bytes.length; at += 4 + bytes.readInt32BE(at)) ++frames;
  perSecond = rate(() => {
    for (let at = 0; at < bytes.length; at += portion) socket.onData(bytes.subarray(at, at + portion));
    return frames;
  });
  if (events === 0) throw new Error("nothing was decoded");
} else {
  let written = 0;
  const socket = Object.create(Socket.prototype);
  Object.defineProperty(socket, "useV100Plus", { value: true });
  socket.client = { write(buffer) { written += buffer.length; } };
  socket.controller = { emitEvent() {} };
  const encoder = new Encoder({ ...callback, sendMsg(tokens) { socket.send(tokens); } });
  const contract = { conId: 265598, symbol: "AAPL", secType: "STK", exchange: "SMART", primaryExch: "NASDAQ", currency: "USD", localSymbol: "AAPL", tradingClass: "NMS" };
  let id = 500;
  perSecond = rate(() => {
    for (let i = 0; i < 200; ++i) {
      encoder.placeOrder(++id, contract, { action: i & 1 ? "BUY" : "SELL", totalQuantity: 100 + (i & 63), orderType: "LMT",
        lmtPrice: 150 + (i & 127) / 100, tif: "DAY", account: "DU1234567", orderRef: "RT00000000000000c4-0000000000000007", transmit: true });
    }
    return 200;
  });
  if (written === 0) throw new Error("nothing was encoded");
}
console.log(JSON.stringify({ per_second: perSecond, version }));
