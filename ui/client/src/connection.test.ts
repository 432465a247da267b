import { beforeEach, describe, expect, it } from 'vitest';
import { answerMs, Connection, silenceMs, type Link, type Socket } from './connection';
import { BlockType, type ClientMessage } from './generated';
import type { DeskState } from './state';
import { makeLine, makePatch, makeSnapshot } from './testing/deskState';
import { makeFrame } from './testing/frameBytes';

class Wire implements Socket {
  binaryType = '';
  readyState = 0;
  onopen: Socket['onopen'] = null;
  onclose: Socket['onclose'] = null;
  onmessage: Socket['onmessage'] = null;
  onerror: Socket['onerror'] = null;
  sent: Partial<ClientMessage>[] = [];
  closed = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Partial<ClientMessage>);
  }
  close(): void {
    this.closed = true;
    this.readyState = 3;
  }
  opens(): void {
    this.readyState = 1;
    this.onopen?.(undefined as never);
  }
  says(message: unknown): void {
    this.onmessage?.({ data: message instanceof ArrayBuffer ? message : JSON.stringify(message) });
  }
  breaks(): void {
    this.readyState = 3;
    this.onclose?.(undefined as never);
  }
  types(): (string | undefined)[] {
    return this.sent.map((message) => message.type);
  }
}

/** A clock that is turned by hand. */
class Hand {
  at = 1000;
  timers: { at: number; run: () => void }[] = [];
  now = (): number => this.at;
  after = (ms: number, run: () => void): unknown => {
    const timer = { at: this.at + ms, run };
    this.timers.push(timer);
    return timer;
  };
  cancel = (timer: unknown): void => {
    this.timers = this.timers.filter((entry) => entry !== timer);
  };
  /** The page stands still for a while: timers that fell due run late, all at the end of it. */
  standStill(ms: number): void {
    this.at += ms;
    for (const timer of this.timers.filter((entry) => entry.at <= this.at)) {
      this.cancel(timer);
      timer.run();
    }
  }
  turn(ms: number): void {
    const end = this.at + ms;
    for (;;) {
      const next = this.timers.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.cancel(next);
      this.at = next.at;
      next.run();
    }
    this.at = end;
  }
}

let wires: Wire[];
let hand: Hand;
let links: Link[];
let states: DeskState[];
let frames: number;
let errors: string[];
let connection: Connection;
const last = (): Wire => wires.at(-1) as Wire;
const link = (): Link => links.at(-1) as Link;

beforeEach(() => {
  wires = [];
  links = [];
  states = [];
  errors = [];
  frames = 0;
  hand = new Hand();
  connection = new Connection({
    open: () => {
      const wire = new Wire();
      wires.push(wire);
      return wire;
    },
    token: () => 'secret',
    rate: 60,
    turns: hand,
    listener: {
      onState: (state) => states.push(state),
      onFrame: () => frames++,
      onLink: (now) => links.push(now),
      onError: (code) => errors.push(code),
    },
  });
  connection.start();
});

function meet(seq = 10, epoch = 'first'): Wire {
  last().opens();
  last().says(makeSnapshot({}, { seq, epoch }));
  return last();
}

describe('the connection to the engine', () => {
  it('says hello with the token and is open with the first snapshot, not before', () => {
    last().opens();
    expect(last().sent[0]).toMatchObject({ type: 'hello', protocol: 1, token: 'secret' });
    expect(link().kind).toBe('connecting');
    last().says(makeSnapshot());
    expect(link().kind).toBe('open');
    expect(states).toHaveLength(1);
  });

  it('asks once for a snapshot when a patch was missed, and goes on from it', () => {
    const wire = meet(10);
    wire.says(makePatch({}, { prev: 12, seq: 13 }));
    wire.says(makePatch({}, { prev: 13, seq: 14 }));
    expect(wire.types().filter((type) => type === 'snapshot')).toHaveLength(1);
    wire.says(makeSnapshot({}, { seq: 14 }));
    wire.says(makePatch({ log: [makeLine(1, 'x')] }, { prev: 14, seq: 15 }));
    expect(states.at(-1)?.seq).toBe(15);
  });

  it('notices at a heartbeat that a patch got lost', () => {
    const wire = meet(10);
    wire.says({ type: 'heartbeat', epoch: 'first', seq: 10, wall: '' });
    expect(wire.types()).not.toContain('snapshot');
    wire.says({ type: 'heartbeat', epoch: 'first', seq: 11, wall: '' });
    expect(wire.types()).toContain('snapshot');
  });

  it('is lost after two silent seconds and not one moment before', () => {
    const wire = meet();
    hand.turn(silenceMs - 1);
    expect(link().kind).toBe('open');
    wire.says({ type: 'heartbeat', epoch: 'first', seq: 10, wall: '' });
    hand.turn(silenceMs - 1);
    expect(link().kind).toBe('open');
    hand.turn(1);
    expect(link().kind).toBe('lost');
    expect(wire.closed).toBe(true);
  });

  it('forgives the silence that was its own: a page that stood still hears what waits before it judges', () => {
    const wire = meet();
    hand.standStill(5000);
    expect(link().kind).toBe('open');
    wire.says({ type: 'heartbeat', epoch: 'first', seq: 10, wall: '' });
    hand.turn(silenceMs - 1);
    expect(link().kind).toBe('open');
    hand.standStill(5000);
    hand.turn(300);
    expect(link().kind).toBe('lost');
  });

  it('gives an attempt more time for its first answer than a live engine for a word', () => {
    last().opens();
    hand.turn(answerMs - 1);
    expect(link().kind).toBe('connecting');
    hand.turn(1);
    expect(link().kind).toBe('lost');
    hand.turn(250);
    meet();
    hand.turn(silenceMs);
    expect(link().kind).toBe('lost');
  });

  it('tries at once when asked to, in the pause and also while an attempt hangs', () => {
    meet().breaks();
    expect(wires).toHaveLength(1);
    connection.retryNow();
    expect([wires.length, link().kind]).toEqual([2, 'connecting']);
    const hanging = last();
    connection.retryNow();
    expect([wires.length, hanging.closed]).toEqual([3, true]);
    hand.turn(250);
    expect(wires, 'the pause it replaced does not fire as well').toHaveLength(3);
    meet();
    connection.retryNow();
    expect(wires, 'an open connection is left alone').toHaveLength(3);
  });

  it('comes back with growing pauses and tells since when it was away', () => {
    const wire = meet();
    hand.turn(1000);
    wire.breaks();
    const first = link();
    expect(first).toMatchObject({ kind: 'lost', attempt: 1 });
    const pauses: number[] = [];
    for (let n = 0; n < 4; n++) {
      const now = link();
      if (now.kind !== 'lost') throw new Error('expected to be lost');
      pauses.push(now.retryAtMs - hand.at);
      hand.turn(now.retryAtMs - hand.at);
      last().breaks();
    }
    expect(pauses).toEqual([250, 500, 1000, 2000]);
    expect(link()).toMatchObject({ kind: 'lost', sinceMs: (first as { sinceMs: number }).sinceMs });
  });

  it('names what it has when it returns, takes a patch from there and asks for its streams again', () => {
    const wire = meet(10);
    connection.subscribe({ channel: 'depth', instrument: 3 });
    expect(wire.sent.at(-1)).toMatchObject({ type: 'subscribe', channel: 'depth', instrument: 3 });
    wire.breaks();
    hand.turn(250);
    last().opens();
    expect(last().sent[0]).toMatchObject({ type: 'hello', epoch: 'first', seq: 10 });
    last().says(makePatch({}, { prev: 10, seq: 20 }));
    expect(link().kind).toBe('open');
    expect(states.at(-1)?.seq).toBe(20);
    expect(last().sent.at(-1)).toMatchObject({ type: 'subscribe', channel: 'depth', instrument: 3 });
  });

  it('starts over with the snapshot of a new run of the engine', () => {
    meet(10, 'first').breaks();
    hand.turn(250);
    meet(2, 'second');
    expect(states.at(-1)).toMatchObject({ epoch: 'second', seq: 2 });
    last().says(makePatch({}, { epoch: 'second', prev: 2, seq: 3 }));
    expect(states.at(-1)?.seq).toBe(3);
  });

  it('keeps a stream while one of two panels wants it', () => {
    const wire = meet();
    const one = connection.subscribe({ channel: 'trades', instrument: 3 });
    const two = connection.subscribe({ channel: 'trades', instrument: 3 });
    expect(wire.types().filter((type) => type === 'subscribe')).toHaveLength(1);
    one();
    one();
    expect(wire.types()).not.toContain('unsubscribe');
    two();
    expect(wire.types()).toContain('unsubscribe');
  });

  it('passes frames on, and reports one it cannot read without falling over', () => {
    const wire = meet();
    wire.says(makeFrame([{ type: BlockType.trades, instrument: 1, extra: 0, rows: [[1, 2, 3, 4, 5, 6, 7]] }]));
    wire.says(new ArrayBuffer(5));
    wire.onmessage?.({ data: 'not json' });
    expect([frames, errors]).toEqual([1, ['bad_frame', 'bad_message']]);
    expect(link().kind).toBe('open');
  });

  it('does not come back after a refusal that trying again cannot cure', () => {
    last().opens();
    last().says({ type: 'error', id: null, code: 'token_wrong', text: 'The token is wrong.', fatal: true });
    expect(link()).toMatchObject({ kind: 'refused', text: 'The token is wrong.' });
    hand.turn(60_000);
    expect(wires).toHaveLength(1);
  });

  it('ignores what an abandoned socket still says', () => {
    const wire = meet(10);
    const hear = wire.onmessage;
    wire.breaks();
    hand.turn(250);
    meet(30);
    hear?.({ data: JSON.stringify(makePatch({}, { prev: 30, seq: 31 })) });
    expect(states.at(-1)?.seq).toBe(30);
  });
});
