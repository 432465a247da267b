import { clock, format } from '@robotrader/client';
import type { ReactNode } from 'react';
import useSWR from 'swr';
import { Mark } from '../components/Mark';
import { Modal } from '../components/Modal';
import { api } from '../live/api';
import { useDesk } from '../live/desk';
import { ms, num, strategyTitle, symbolOf, useZone } from '../live/lookups';

/** The whole chain behind an order: views, weights, the cap that bounded it, and every check of the gate. */
export function WhyDialog({ order, onClose }: { order: string; onClose: () => void }): ReactNode {
  const state = useDesk((desk) => desk.state);
  const zone = useZone();
  const { data: answer } = useSWR(['why', order], () => api.why(order));
  const why = answer?.ok ? answer.value : null;
  return (
    <Modal
      wide
      testId="why-dialog"
      title={why && state ? `Why ${symbolOf(state, why.instrument)}` : 'Why this order'}
      description={why ? why.reason : answer && !answer.ok ? answer.refusal.text : 'Asking the engine'}
      onClose={onClose}
      footer={
        <>
          <span className="mono t3">{format.shortId(order)}</span>
          <span className="panel-space" />
          <button type="button" className="btn" onClick={onClose}>
            Close
          </button>
        </>
      }
    >
      {why && state && (
        <>
          <p className="facts">
            <span>{clock.timeOfDay(ms(why.at), zone)}</span>
            <span>
              position {format.quantity(num(why.position_before))} to target {format.quantity(num(why.target))}
            </span>
            {why.cap !== '' && <span className="warn">bounded by {why.cap}</span>}
            <span className="t3">
              tick to order {format.latency(why.tick_to_order_us === null ? null : why.tick_to_order_us * 1000)}
            </span>
          </p>
          <table className="grid">
            <thead>
              <tr>
                <th>Strategy</th>
                <th className="num">Score</th>
                <th className="num">Confidence</th>
                <th className="num">Weight</th>
                <th className="num">Adds, units</th>
                <th style={{ width: '40%' }}>Reason</th>
              </tr>
            </thead>
            <tbody>
              {why.views.map((view) => (
                <tr key={view.strategy}>
                  <td className="t1">{strategyTitle(state, view.strategy)}</td>
                  <td className="num">{format.change(view.score)}</td>
                  <td className="num">{view.confidence.toFixed(2)}</td>
                  <td className="num">{format.percent(view.weight_percent)}</td>
                  <td className={`num ${format.direction(view.contribution, 4)}`}>{signed(view.contribution)}</td>
                  <td className="ellipsis" title={view.reason}>
                    {view.reason}
                  </td>
                </tr>
              ))}
              <tr className="total">
                <td>Blend of scores</td>
                <td className="num">{format.change(why.blend)}</td>
                <td />
                <td />
                <td className="num">{signed(why.views.reduce((sum, view) => sum + view.contribution, 0))}</td>
                <td />
              </tr>
            </tbody>
          </table>
          {why.checks.length > 0 && (
            <>
              <h3 className="modal-head">The gate</h3>
              <table className="grid">
                <tbody>
                  {why.checks.map((check) => (
                    <tr key={check.name}>
                      <td className="t1">{check.name}</td>
                      <td className="num">{format.quantity(check.measured)}</td>
                      <td className="num t3">
                        of {format.quantity(check.limit)} {check.unit}
                      </td>
                      <td>
                        <Mark shape={check.passed ? 'dot' : 'diamond'} tone={check.passed ? 'quiet' : 'danger'}>
                          {check.passed ? 'passed' : 'denied'}
                        </Mark>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </>
          )}
        </>
      )}
    </Modal>
  );
}

function signed(quantity: number): string {
  const text = format.quantity(Math.round(quantity * 1e4) / 1e4);
  return quantity > 0 ? `+${text}` : text;
}
