import { describe, expect, it } from 'vitest';
import { dayName, hourMinute, isoDate, timeOfDay, timeWithTenths, zoneName, zoneOffset } from './clock';

const morning = Date.parse('2019-02-15T16:24:37.299Z');

describe('exchange time', () => {
  it('is told in the zone of the session', () => {
    expect(timeOfDay(morning, 'America/New_York')).toBe('11:24:37');
    expect(hourMinute(morning, 'UTC')).toBe('16:24');
    expect(isoDate(morning, 'America/New_York')).toBe('2019-02-15');
    expect(dayName(morning, 'America/New_York')).toBe('Fri 15 Feb');
  });
  it('cuts tenths and never rounds into the next second', () => {
    expect(timeWithTenths(morning, 'UTC')).toBe('16:24:37.2');
    expect(timeWithTenths(Date.parse('2019-02-15T16:24:37.999Z'), 'UTC')).toBe('16:24:37.9');
  });
  it('knows the offset on both sides of a clock change', () => {
    expect(zoneOffset(Date.parse('2019-03-10T06:59:59Z'), 'America/New_York')).toBe(-5 * 3_600_000);
    expect(zoneOffset(Date.parse('2019-03-10T07:00:00Z'), 'America/New_York')).toBe(-4 * 3_600_000);
  });
  it('writes midnight as 00 and a missing time as a dash', () => {
    expect(timeOfDay(Date.parse('2019-02-15T05:00:00Z'), 'America/New_York')).toBe('00:00:00');
    expect(timeOfDay(0, 'UTC')).toBe('—');
  });
  it('names zones as traders do', () => {
    expect(zoneName('America/New_York')).toBe('ET');
    expect(zoneName('Europe/Berlin')).toBe('Berlin');
  });
});
