import { fromSnapshot } from '@robotrader/client';
import { makeLine, makeOrder, makeSnapshot } from '@robotrader/client/testing';
import { describe, expect, it } from 'vitest';
import { alertsOf } from './useAlerts';

describe('alerts on the phone', () => {
  it('are none while nothing needs a person', () => {
    expect(alertsOf(fromSnapshot(makeSnapshot({ orders: [makeOrder('a')], log: [makeLine(1, 'fine')] })))).toEqual([]);
  });
  it('put what is true now before what happened', () => {
    const alerts = alertsOf(
      fromSnapshot(
        makeSnapshot({
          orders: [makeOrder('a', { state: 'unknown', deadline: '2019-02-15T15:00:12Z' })],
          log: [makeLine(1, 'Gateway lost', { level: 'alarm' }), makeLine(2, 'Gateway back')],
        }),
      ),
    );
    expect(alerts.map((alert) => [alert.title, alert.current])).toEqual([
      ['#1 BUY 300 is unknown', true],
      ['Gateway lost', false],
    ]);
    expect(alerts[0]?.text).toContain('Cancelled in 0:00:12');
  });
});
