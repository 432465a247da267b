// Exchange time. Instants travel as UTC milliseconds (with a fraction) and are shown in the zone of the session.

const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string, shape: 'time' | 'date' | 'day' | 'name'): Intl.DateTimeFormat {
  const key = `${zone}|${shape}`;
  let found = cache.get(key);
  if (!found) {
    const base = { timeZone: zone } as const;
    found =
      shape === 'time'
        ? new Intl.DateTimeFormat('en-GB', {
            ...base,
            hour: '2-digit',
            minute: '2-digit',
            second: '2-digit',
            hourCycle: 'h23',
          })
        : shape === 'date'
          ? new Intl.DateTimeFormat('sv-SE', { ...base, year: 'numeric', month: '2-digit', day: '2-digit' })
          : shape === 'day'
            ? new Intl.DateTimeFormat('en-GB', { ...base, weekday: 'short', day: 'numeric', month: 'short' })
            : new Intl.DateTimeFormat('en-US', { ...base, timeZoneName: 'short' });
    cache.set(key, found);
  }
  return found;
}

/** `11:24:37` in `zone`. */
export function timeOfDay(ms: number, zone: string): string {
  return ms > 0 ? formatter(zone, 'time').format(ms) : '\u2014';
}

/** `11:24` in `zone`. */
export function hourMinute(ms: number, zone: string): string {
  return timeOfDay(ms, zone).slice(0, 5);
}

/** `11:24:34.2` in `zone`, tenths cut, not rounded. */
export function timeWithTenths(ms: number, zone: string): string {
  if (!(ms > 0)) return '\u2014';
  return `${timeOfDay(ms, zone)}.${Math.floor((ms % 1000) / 100)}`;
}

export function isoDate(ms: number, zone: string): string {
  return ms > 0 ? formatter(zone, 'date').format(ms) : '\u2014';
}

/** `Fri 15 Feb` */
export function dayName(ms: number, zone: string): string {
  return formatter(zone, 'day').format(ms).replace(',', '');
}

/** The name a trader gives the zone: `ET`, `CT`, `UTC`. */
export function zoneName(zone: string): string {
  if (zone === 'America/New_York') return 'ET';
  if (zone === 'America/Chicago') return 'CT';
  return zone === 'UTC' || zone === 'Etc/UTC' ? 'UTC' : (zone.split('/').at(-1) ?? zone).replace('_', ' ');
}

const offsets = new Map<string, number>();

/** Milliseconds to add to UTC to get the wall clock of `zone`; cached per hour because a day has few offsets. */
export function zoneOffset(ms: number, zone: string): number {
  const hour = Math.floor(ms / 3_600_000);
  const key = `${zone}|${hour}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const start = hour * 3_600_000;
  const wall = Date.parse(`${formatter(zone, 'date').format(start)}T${formatter(zone, 'time').format(start)}Z`);
  const offset = wall - start;
  if (offsets.size > 4096) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/** All the clocks of one instant, for a hover. */
export function allClocks(ms: number, zone: string): string {
  if (!(ms > 0)) return '\u2014';
  const local = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' }).format(ms);
  return `${isoDate(ms, zone)} ${timeOfDay(ms, zone)} ${zoneName(zone)} · ${new Date(ms).toISOString()} · local ${local}`;
}
