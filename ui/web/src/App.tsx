import { lazy, Suspense, useSyncExternalStore, type ReactNode } from 'react';
import { Desk } from './shell/Desk';

const PhoneDesk = lazy(() => import('./phone/PhoneDesk').then((module) => ({ default: module.PhoneDesk })));

const phone = window.matchMedia('(max-width: 900px)');

function usePhone(): boolean {
  return useSyncExternalStore(
    (changed) => {
      phone.addEventListener('change', changed);
      return () => phone.removeEventListener('change', changed);
    },
    () => phone.matches,
  );
}

export function App(): ReactNode {
  return usePhone() ? (
    <Suspense fallback={null}>
      <PhoneDesk />
    </Suspense>
  ) : (
    <Desk />
  );
}
