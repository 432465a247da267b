import { lazy, Suspense, useState, type ReactNode } from 'react';
import { Panel } from '../components/Panel';
import { PanelTabs } from '../components/PanelTabs';
import { Limits } from '../panels/limits/Limits';
import { Positions } from '../panels/positions/Positions';
import { Strategies } from '../panels/strategies/Strategies';

const Chart = lazy(() => import('../panels/chart/Chart').then((module) => ({ default: module.Chart })));
const Equity = lazy(() => import('../panels/equity/Equity').then((module) => ({ default: module.Equity })));

function Loading({ id, title }: { id: string; title: ReactNode }): ReactNode {
  return (
    <Panel id={id} title={title}>
      <div className="empty t3">Loading</div>
    </Panel>
  );
}

const accountTabs = [
  { value: 'positions', text: 'Positions' },
  { value: 'equity', text: 'Equity' },
] as const;
const controlTabs = [
  { value: 'strategies', text: 'Strategies' },
  { value: 'limits', text: 'Limits' },
] as const;

export function ChartPlace(): ReactNode {
  return (
    <Suspense fallback={<Loading id="chart" title="Chart" />}>
      <Chart />
    </Suspense>
  );
}

export function EquityPlace({ tabs }: { tabs?: ReactNode }): ReactNode {
  return (
    <Suspense fallback={<Loading id="equity" title={tabs ?? 'Equity and drawdown'} />}>
      <Equity {...(tabs === undefined ? {} : { tabs })} />
    </Suspense>
  );
}

/** Positions, or the equity they add up to. */
export function AccountPlace(): ReactNode {
  const [shown, setShown] = useState<(typeof accountTabs)[number]['value']>('positions');
  const tabs = <PanelTabs label="Account" tabs={accountTabs} value={shown} onChange={setShown} />;
  return shown === 'positions' ? <Positions tabs={tabs} /> : <EquityPlace tabs={tabs} />;
}

/** Strategies, or the limits that hold them. */
export function ControlPlace(): ReactNode {
  const [shown, setShown] = useState<(typeof controlTabs)[number]['value']>('strategies');
  const tabs = <PanelTabs label="Control" tabs={controlTabs} value={shown} onChange={setShown} />;
  return shown === 'strategies' ? <Strategies tabs={tabs} /> : <Limits tabs={tabs} />;
}
