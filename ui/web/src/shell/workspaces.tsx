import { lazy, Suspense, useSyncExternalStore, type ReactNode } from 'react';
import { Denials } from '../panels/denials/Denials';
import { Exposures } from '../panels/exposure/Exposures';
import { Sectors } from '../panels/exposure/Sectors';
import { Ladder } from '../panels/ladder/Ladder';
import { Limits } from '../panels/limits/Limits';
import { EventLog } from '../panels/log/EventLog';
import { Orders } from '../panels/orders/Orders';
import { BookRiskPanel } from '../panels/risk/BookRiskPanel';
import { RotationPanel } from '../panels/rotation/RotationPanel';
import { Tape } from '../panels/tape/Tape';
import { Watchlist } from '../panels/watchlist/Watchlist';
import { AccountPlace, ChartPlace, ControlPlace, EquityPlace } from './places';

const Dock = lazy(() => import('../dock/Dock').then((module) => ({ default: module.Dock })));

const wide = window.matchMedia('(min-width: 1280px)');

/** Room for panels that are moved about; a narrower window has one fixed order. */
export function useIsWide(): boolean {
  return useSyncExternalStore(
    (changed) => {
      wide.addEventListener('change', changed);
      return () => wide.removeEventListener('change', changed);
    },
    () => wide.matches,
  );
}

export function TradeWorkspace(): ReactNode {
  const isWide = useIsWide();
  if (isWide)
    return (
      <Suspense fallback={null}>
        <Dock />
      </Suspense>
    );
  return (
    <>
      <Watchlist />
      <ChartPlace />
      <Ladder />
      <Tape />
      <div className="stack stack-positions">
        <AccountPlace />
      </div>
      <Orders />
      <div className="stack stack-right">
        <ControlPlace />
        <EventLog />
      </div>
    </>
  );
}

export function RiskWorkspace(): ReactNode {
  return (
    <>
      <Limits />
      <BookRiskPanel />
      <RotationPanel />
      <Exposures />
      <Sectors />
      <Denials />
      <EquityPlace />
      <EventLog />
    </>
  );
}
