// The words and shapes of states: one place, so that a state is called the same on every panel.

import type {
  AppetiteKind,
  Gateway,
  LimitState,
  LogLevel,
  Mode,
  OrderState,
  Quadrant,
  StrategyState,
} from '@robotrader/client';
import type { Shape, Tone } from '../components/Mark';

export interface StateWord {
  shape: Shape;
  tone: Tone;
  word: string;
}

export const modeWords: Record<Mode, string> = {
  DEMO: 'Built-in exchange',
  PAPER: 'Simulated fills at IB',
  LIVE: 'Real money',
  REPLAY: 'Recorded market',
};

export function gatewayMark(gateway: Gateway): StateWord {
  switch (gateway.state) {
    case 'logged_in':
      return { shape: 'dot', tone: 'up', word: 'Logged in' };
    case 'connecting':
      return { shape: 'ring', tone: 'quiet', word: 'Connecting' };
    case 'reconciling': {
      const done = gateway.steps.filter((step) => step.state === 'done' || step.state === 'differs').length;
      return {
        shape: 'triangle',
        tone: 'warn',
        word: gateway.steps.length > 0 ? `Reconciling ${done}/${gateway.steps.length}` : 'Reconciling',
      };
    }
    case 'restart_window':
      return { shape: 'bars', tone: 'quiet', word: 'Restart window' };
    case 'disconnected':
      return { shape: 'diamond', tone: 'danger', word: 'Disconnected' };
  }
}

export const orderWords: Record<OrderState, StateWord> = {
  pending: { shape: 'ring', tone: 'quiet', word: 'Pending' },
  working: { shape: 'dot', tone: 'plain', word: 'Working' },
  partial: { shape: 'diamond', tone: 'plain', word: 'Partial' },
  held: { shape: 'bars', tone: 'warn', word: 'Held' },
  pending_cancel: { shape: 'ring', tone: 'quiet', word: 'Cancelling' },
  filled: { shape: 'none', tone: 'plain', word: 'Filled' },
  cancelled: { shape: 'none', tone: 'quiet', word: 'Cancelled' },
  rejected: { shape: 'diamond', tone: 'danger', word: 'Rejected' },
  unknown: { shape: 'triangle', tone: 'warn', word: 'Unknown' },
};

export const strategyWords: Record<StrategyState, StateWord> = {
  off: { shape: 'ring', tone: 'quiet', word: 'Off' },
  warming: { shape: 'ring', tone: 'quiet', word: 'Warming up' },
  running: { shape: 'dot', tone: 'up', word: 'Running' },
  shadow: { shape: 'ring', tone: 'info', word: 'Shadow' },
  paused: { shape: 'bars', tone: 'quiet', word: 'Paused' },
  halted: { shape: 'triangle', tone: 'warn', word: 'Halted' },
};

export const limitWords: Record<LimitState, StateWord> = {
  ok: { shape: 'dot', tone: 'quiet', word: 'Inside' },
  near: { shape: 'triangle', tone: 'warn', word: 'Near' },
  hit: { shape: 'diamond', tone: 'danger', word: 'Hit' },
};

export const appetiteWords: Record<AppetiteKind, StateWord> = {
  unknown: { shape: 'ring', tone: 'quiet', word: 'Not known' },
  risk_off: { shape: 'triangle', tone: 'warn', word: 'Risk off' },
  neutral: { shape: 'dot', tone: 'quiet', word: 'Neutral' },
  risk_on: { shape: 'dot', tone: 'up', word: 'Risk on' },
};

export const quadrantWords: Record<Quadrant, StateWord> = {
  unknown: { shape: 'ring', tone: 'quiet', word: 'Not known' },
  leading: { shape: 'dot', tone: 'up', word: 'Leading' },
  weakening: { shape: 'diamond', tone: 'quiet', word: 'Weakening' },
  lagging: { shape: 'triangle', tone: 'down', word: 'Lagging' },
  improving: { shape: 'ring', tone: 'up', word: 'Improving' },
};

export const logMarks: Record<LogLevel, { shape: Shape; tone: Tone }> = {
  info: { shape: 'none', tone: 'quiet' },
  good: { shape: 'none', tone: 'plain' },
  attention: { shape: 'triangle', tone: 'warn' },
  alarm: { shape: 'diamond', tone: 'danger' },
};
