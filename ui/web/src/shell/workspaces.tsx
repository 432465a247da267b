import { lazy, Suspense, useState, type ReactNode } from 'react';
import { PanelTabs } from '../components/PanelTabs';
import { Panel } from '../components/Panel';
import { Denials } from '../panels/denials/Denials';
import { Ladder } from '../panels/ladder/Ladder';
import { Limits } from '../panels/limits/Limits';
import { EventLog } from '../panels/log/EventLog';
import { Orders } from '../panels/orders/Orders';
import { Positions } from '../panels/positions/Positions';
import { Strategies } from '../panels/strategies/Strategies';
import { Tape } from '../panels/tape/Tape';
import { Watchlist } from '../panels/watchlist/Watchlist';

const Chart = lazy(() => import('../panels/chart/Chart').then((module) => ({ default: module.Chart })));
const Equity = lazy(() => import('../panels/equity/Equity').then((module) => ({ default: module.Equity })));

function Loading({ id, title }: { id: string; title: ReactNode }): ReactNode {
  return (
    <Panel id={id} title={title}>
      <div className="empty t3">Loading</div>
    </Panel>
  );
}

const left = [
  { value: 'positions', text: 'Positions' },
  { value: 'equity', text: 'Equity' },
] as const;
const right = [
  { value: 'strategies', text: 'Strategies' },
  { value: 'limits', text: 'Limits' },
] as const;

export function TradeWorkspace(): ReactNode {
  const [account, setAccount] = useState<(typeof left)[number]['value']>('positions');
  const [control, setControl] = useState<(typeof right)[number]['value']>('strategies');
  const leftTabs = <PanelTabs label="Account" tabs={left} value={account} onChange={setAccount} />;
  const rightTabs = <PanelTabs label="Control" tabs={right} value={control} onChange={setControl} />;
  return (
    <>
      <Watchlist />
      <Suspense fallback={<Loading id="chart" title="Chart" />}>
        <Chart />
      </Suspense>
      <Ladder />
      <Tape />
      <div className="stack stack-positions">
        {account === 'positions' ? (
          <Positions tabs={leftTabs} />
        ) : (
          <Suspense fallback={<Loading id="equity" title={leftTabs} />}>
            <Equity tabs={leftTabs} />
          </Suspense>
        )}
      </div>
      <Orders />
      <div className="stack stack-right">
        {control === 'strategies' ? <Strategies tabs={rightTabs} /> : <Limits tabs={rightTabs} />}
        <EventLog />
      </div>
    </>
  );
}

export function RiskWorkspace(): ReactNode {
  return (
    <>
      <Limits />
      <Denials />
      <Suspense fallback={<Loading id="equity" title="Equity and drawdown" />}>
        <Equity />
      </Suspense>
      <EventLog />
    </>
  );
}
