// The socket to the engine: says hello, keeps subscriptions, notices silence, comes back with growing pauses.

import { decodeFrame, FrameError, type MarketFrame } from './frames';
import type {
  AckMessage,
  ClientMessage,
  ErrorMessage,
  HeartbeatMessage,
  PatchMessage,
  SnapshotMessage,
} from './generated';
import { applyPatch, fromSnapshot, type DeskState } from './state';

export const protocolVersion = 1;
/** Without a word from the server for this long the page has lost the engine. */
export const silenceMs = 2000;
/** An attempt to connect may take this long until its first answer: nothing on the screen pretends to be live meanwhile. */
export const answerMs = 8000;
/** A look at the clock that comes this much too late: the page itself stood still, and what was said meanwhile still waits. */
const stoodStillMs = 250;
const pausesMs = [250, 500, 1000, 2000, 4000, 8000] as const;

export type ServerMessage = SnapshotMessage | PatchMessage | HeartbeatMessage | AckMessage | ErrorMessage;

export interface Subscription {
  channel: 'quotes' | 'depth' | 'trades' | 'bars';
  /** Quotes may leave it out: all instruments. */
  instrument?: number;
  bar?: string;
}

/** What of a browser's WebSocket is used here. */
export interface Socket {
  binaryType: string;
  readyState: number;
  onopen: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(): void;
}

/** The clock and the timers, so that a test can turn them by hand. */
export interface Turns {
  now(): number;
  after(ms: number, run: () => void): unknown;
  cancel(timer: unknown): void;
}

export type Link =
  | { kind: 'connecting'; attempt: number; sinceMs: number }
  | { kind: 'open' }
  | { kind: 'lost'; sinceMs: number; attempt: number; retryAtMs: number; cause: string }
  | { kind: 'refused'; code: string; text: string };

export interface Listener {
  onState(state: DeskState, how: 'snapshot' | 'patch', message: SnapshotMessage | PatchMessage): void;
  onFrame(frame: MarketFrame): void;
  onLink(link: Link): void;
  onError(code: string, text: string): void;
}

export class Connection {
  #state: DeskState | null = null;
  #socket: Socket | null = null;
  #attempt = 0;
  #lostSince = 0;
  #heardAt = 0;
  #pause: unknown = null;
  #watch: unknown = null;
  #nextId = 1;
  #asked = false;
  #answeredOn: Socket | null = null;
  #closed = false;
  readonly #subscriptions = new Map<string, { subscription: Subscription; users: number }>();

  constructor(
    private readonly options: {
      open: () => Socket;
      token: () => string | null;
      rate: number;
      listener: Listener;
      turns: Turns;
    },
  ) {}

  get state(): DeskState | null {
    return this.#state;
  }

  start(): void {
    this.#closed = false;
    this.#connect();
  }

  stop(): void {
    this.#closed = true;
    this.options.turns.cancel(this.#pause);
    this.#drop();
  }

  /** Tries now: instead of when the pause ends, and instead of waiting longer for an attempt that hangs. */
  retryNow(): void {
    if (this.#closed || this.#isAnswered()) return;
    this.options.turns.cancel(this.#pause);
    this.#drop();
    this.#connect();
  }

  /** Two panels may want one stream: it ends when the last of them lets go. */
  subscribe(subscription: Subscription): () => void {
    const key = `${subscription.channel}|${subscription.instrument ?? ''}|${subscription.bar ?? ''}`;
    const present = this.#subscriptions.get(key);
    if (present) present.users++;
    else {
      this.#subscriptions.set(key, { subscription, users: 1 });
      if (this.#isAnswered()) this.#ask('subscribe', subscription);
    }
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const entry = this.#subscriptions.get(key);
      if (!entry || --entry.users > 0) return;
      this.#subscriptions.delete(key);
      if (this.#isAnswered()) this.#ask('unsubscribe', subscription);
    };
  }

  #connect(): void {
    this.options.listener.onLink({ kind: 'connecting', attempt: this.#attempt, sinceMs: this.#lostSince });
    this.#asked = false;
    this.#heardAt = this.options.turns.now();
    const socket = this.options.open();
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => {
      this.#heardAt = this.options.turns.now();
      this.#send({
        type: 'hello',
        protocol: protocolVersion,
        rate: this.options.rate,
        ...(this.#state ? { epoch: this.#state.epoch, seq: this.#state.seq } : {}),
        ...withToken(this.options.token()),
      });
    };
    socket.onmessage = (event) => {
      if (this.#socket === socket) this.#hear(event.data);
    };
    socket.onerror = null;
    socket.onclose = () => {
      if (this.#socket === socket) this.#lose('The connection was closed.');
    };
    this.#watchSilence();
  }

  #watchSilence(): void {
    const { turns } = this.options;
    turns.cancel(this.#watch);
    const most = this.#isAnswered() ? silenceMs : answerMs;
    const due = Math.max(turns.now() + 1, this.#heardAt + most);
    this.#watch = turns.after(due - turns.now(), () => {
      if (this.#socket === null) return;
      const now = turns.now();
      if (now - this.#heardAt < most) this.#watchSilence();
      else if (now - due > stoodStillMs) this.#lookAgain();
      else this.#lose(`The engine has not said a word for ${most / 1000} s.`);
    });
  }

  /** After a standstill of the page: whatever the engine said meanwhile is delivered before this second look. */
  #lookAgain(): void {
    const { turns } = this.options;
    const heardAt = this.#heardAt;
    this.#watch = turns.after(stoodStillMs, () => {
      if (this.#socket === null) return;
      if (this.#heardAt === heardAt) this.#lose('The engine has not said a word for 2 s.');
      else this.#watchSilence();
    });
  }

  #drop(): void {
    this.options.turns.cancel(this.#watch);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onclose = socket.onmessage = socket.onerror = null;
    socket.close();
  }

  #lose(cause: string): void {
    this.#drop();
    if (this.#closed) return;
    const { turns, listener } = this.options;
    if (this.#attempt === 0) this.#lostSince = this.#heardAt;
    const pause = pausesMs[Math.min(this.#attempt, pausesMs.length - 1)] as number;
    this.#attempt++;
    listener.onLink({
      kind: 'lost',
      sinceMs: this.#lostSince,
      attempt: this.#attempt,
      retryAtMs: turns.now() + pause,
      cause,
    });
    this.#pause = turns.after(pause, () => this.#connect());
  }

  #hear(data: unknown): void {
    this.#heardAt = this.options.turns.now();
    if (data instanceof ArrayBuffer) {
      this.#hearFrame(data);
      return;
    }
    if (typeof data !== 'string') return;
    const message = parseMessage(data);
    if (message === null) {
      this.options.listener.onError('bad_message', 'The engine sent a message this page cannot read.');
      return;
    }
    switch (message.type) {
      case 'snapshot':
        this.#hearSnapshot(message as SnapshotMessage);
        return;
      case 'patch':
        this.#hearPatch(message as PatchMessage);
        return;
      case 'heartbeat':
        this.#hearHeartbeat(message as HeartbeatMessage);
        return;
      case 'error':
        this.#hearError(message as ErrorMessage);
        return;
      default: // ack and whatever a newer server adds
    }
  }

  #hearFrame(data: ArrayBuffer): void {
    try {
      this.options.listener.onFrame(decodeFrame(data));
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.options.listener.onError('bad_frame', error.message);
    }
  }

  #hearSnapshot(message: SnapshotMessage): void {
    this.#state = fromSnapshot(message);
    this.#opened();
    this.options.listener.onState(this.#state, 'snapshot', message);
  }

  #hearPatch(message: PatchMessage): void {
    if (this.#state === null) return;
    const result = applyPatch(this.#state, message);
    if (result.kind === 'gap') {
      this.#askSnapshot();
      return;
    }
    this.#opened();
    if (result.kind === 'old') return;
    this.#state = result.state;
    this.options.listener.onState(result.state, 'patch', message);
  }

  #hearHeartbeat(message: HeartbeatMessage): void {
    if (this.#state === null) return;
    if (message.epoch !== this.#state.epoch || message.seq > this.#state.seq) this.#askSnapshot();
    else this.#opened();
  }

  #hearError(message: ErrorMessage): void {
    this.options.listener.onError(message.code, message.text);
    if (!message.fatal || !refusals.has(message.code)) return;
    this.#drop();
    this.options.listener.onLink({ kind: 'refused', code: message.code, text: message.text });
  }

  /** The first word that fits our state after a (re)connect: streams are asked for again. */
  #opened(): void {
    this.#asked = false;
    if (this.#answeredOn === this.#socket) return;
    this.#answeredOn = this.#socket;
    this.#attempt = 0;
    this.#watchSilence();
    this.options.listener.onLink({ kind: 'open' });
    for (const { subscription } of this.#subscriptions.values()) this.#ask('subscribe', subscription);
  }

  #isAnswered(): boolean {
    return this.#socket !== null && this.#answeredOn === this.#socket;
  }

  #askSnapshot(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#send({ type: 'snapshot', id: this.#nextId++ });
  }

  #ask(type: 'subscribe' | 'unsubscribe', subscription: Subscription): void {
    this.#send({ type, id: this.#nextId++, ...subscription });
  }

  #send(message: Partial<ClientMessage>): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }
}

/** Refusals that trying again does not cure. */
const refusals = new Set(['token_wrong', 'token_missing', 'protocol']);

function withToken(token: string | null): { token?: string } {
  return token === null ? {} : { token };
}

function parseMessage(text: string): ServerMessage | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'type' in value ? (value as ServerMessage) : null;
  } catch {
    return null;
  }
}
