// Points of the trading day that is on: an engine may have been fed earlier days to warm up.

import { clock, type EquityPoint } from '@robotrader/client';

const dayMs = 86_400_000;

function dayOf(atMs: number, zone: string): number {
  return Math.floor((atMs + clock.zoneOffset(atMs, zone)) / dayMs);
}

export function pointsOfToday(points: readonly EquityPoint[], now: string, zone: string): readonly EquityPoint[] {
  const today = dayOf(Date.parse(now), zone);
  let first = points.length;
  while (first > 0 && dayOf(Date.parse((points[first - 1] as EquityPoint).at), zone) === today) first--;
  return first === 0 ? points : points.slice(first);
}
