import type { ReactNode } from 'react';
import { Empty } from '../../components/Empty';
import { Panel } from '../../components/Panel';
import { useDesk, useSilent } from '../../live/desk';
import { num } from '../../live/lookups';
import { useBookRisk } from '../../live/risk';
import { methodWords, riskFigures } from './figures';

/** What the book may lose in a day, and how many bets it really is. */
export function BookRiskPanel(): ReactNode {
  const { value, waiting } = useBookRisk();
  const account = useDesk((desk) => desk.state?.account ?? null);
  const silent = useSilent();
  return (
    <Panel id="book-risk" title="Value at risk" subject={value === null ? '' : methodWords(value)}>
      <div className="scroll pane" tabIndex={0} role="region" aria-label="Risk figures">
        {value === null || account === null ? (
          <Empty title="No risk figures known">{waiting}</Empty>
        ) : (
          <dl className={`figures ${silent ? 'stale' : ''}`}>
            {riskFigures(value, num(account.net_liquidation), account.currency).map((figure) => (
              <div key={figure.id} data-testid={`risk-${figure.id}`}>
                <dt>{figure.label}</dt>
                <dd>{figure.value}</dd>
                <dd className="ellipsis" title={figure.under}>
                  {figure.under}
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </Panel>
  );
}
