import { describe, expect, it } from 'vitest';
import * as f from './format';

describe('a price', () => {
  it('has the decimals of its tick', () => {
    expect(f.price(105.2, f.decimalsOfTick(0.01))).toBe('105.20');
    expect(f.price(29.075, f.decimalsOfTick(0.005))).toBe('29.075');
    expect(f.price(1607.42)).toBe('1,607.42');
    expect(f.price(4120, f.decimalsOfTick(0.25))).toBe('4,120.00');
  });
  it('keeps sub-penny digits apart so that the point stays aligned', () => {
    expect(f.priceParts(105.255, 2)).toEqual({ head: '105.25', tail: '5' });
    expect(f.priceParts(105.25, 2)).toEqual({ head: '105.25', tail: '' });
    expect(f.priceParts(105.2551, 2)).toEqual({ head: '105.25', tail: '5' });
    expect(f.priceParts(7, 0)).toEqual({ head: '7', tail: '' });
  });
  it('is a dash when it is not known, never zero', () => {
    for (const missing of [null, undefined, NaN, Infinity]) expect(f.price(missing)).toBe('—');
    expect(f.price(0)).toBe('0.00');
  });
});

describe('profit and loss', () => {
  it('always carries a sign, except at zero', () => {
    expect(f.pnl(1557.5)).toBe('+1,557.50');
    expect(f.pnl(-598.5)).toBe('−598.50');
    expect(f.pnl(0)).toBe('0.00');
  });
  it('takes the sign from what is shown: half a cent counts, less does not', () => {
    expect(f.pnl(-0.004)).toBe('0.00');
    expect(f.pnl(-0.006)).toBe('−0.01');
  });
  it('drops the cents at one million and not before', () => {
    expect(f.pnl(999_999.99)).toBe('+999,999.99');
    expect(f.pnl(1_000_000)).toBe('+1,000,000');
  });
  it('points the way its rounded figure points', () => {
    expect(f.direction(0.004)).toBe('flat');
    expect(f.direction(0.005)).toBe('up');
    expect(f.direction(-3)).toBe('down');
  });
});

describe('sizes, ratios, ids', () => {
  it('writes quantities in full and fractions to four places', () => {
    expect(f.quantity(12730)).toBe('12,730');
    expect(f.quantity(-5700)).toBe('−5,700');
    expect(f.quantity(0.0125)).toBe('0.0125');
    expect(f.quantity(0.5)).toBe('0.5');
  });
  it('shortens only where a chart or a total asks for it', () => {
    expect(f.compact(950)).toBe('950');
    expect(f.compact(1000)).toBe('1K');
    expect(f.compact(13_200)).toBe('13K');
    expect(f.compact(1_250_000)).toBe('1.3M');
  });
  it('writes percent and basis points', () => {
    expect(f.percent(47.4)).toBe('47.4 %');
    expect(f.signedPercent(-0.6)).toBe('−0.60 %');
    expect(f.basisPoints(1.4)).toBe('+1.4 bp');
    expect(f.basisPoints(-0.04)).toBe('0.0 bp');
  });
  it('hides the middle of ids and account numbers', () => {
    expect(f.shortId('0123456789abcdef')).toBe('01234567…cdef');
    expect(f.shortId('0123456789abc')).toBe('0123456789abc');
    expect(f.maskAccount('DU1234417')).toBe('DU•••417');
    expect(f.maskAccount('DEMO417')).toBe('DEMO•••417');
  });
});

describe('ages and latencies', () => {
  it('changes unit at the edges', () => {
    expect(f.age(0.2)).toBe('0.2 s');
    expect(f.age(9.94)).toBe('9.9 s');
    expect(f.age(9.96)).toBe('10 s');
    expect(f.age(99.4)).toBe('99 s');
    expect(f.age(100)).toBe('1:40');
    expect(f.age(395)).toBe('6:35');
    expect(f.age(3600)).toBe('1 h');
    expect(f.age(86_400 * 3)).toBe('3 d');
  });
  it('writes a pair over one unit when it can', () => {
    expect(f.latencyPair(6800, 24_000)).toBe('6.8 · 24 µs');
    expect(f.latencyPair(480, 1900)).toBe('480 ns · 1.9 µs');
    expect(f.latencyPair(null, 1900)).toBe('— · —');
    expect(f.latency(38_000_000)).toBe('38 ms');
  });
  it('counts down in hours, minutes and seconds', () => {
    expect(f.countdown(44_423)).toBe('12:20:23');
    expect(f.countdown(-1)).toBe('0:00:00');
  });
});
