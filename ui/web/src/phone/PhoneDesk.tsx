import { useMemo, useState, type ReactNode } from 'react';
import '../styles/phone.css';
import { DialogHost } from '../shell/DialogHost';
import { LinkNote } from '../shell/LinkNote';
import { Toasts } from '../shell/Toasts';
import { Alerts } from './Alerts';
import { useAlerts } from './useAlerts';
import { Home } from './Home';
import { PhoneBanner } from './PhoneBanner';
import { PhonePositions } from './PhonePositions';
import { Stop } from './Stop';
import { TabIcon, type TabName } from './TabIcon';

const tabs: readonly { name: TabName; title: string }[] = [
  { name: 'home', title: 'Home' },
  { name: 'positions', title: 'Positions' },
  { name: 'alerts', title: 'Alerts' },
  { name: 'stop', title: 'Stop' },
];

/** The desk in a hand: it can read and reduce risk, never open it. */
export function PhoneDesk(): ReactNode {
  const [tab, setTab] = useState<TabName>('home');
  const alerts = useAlerts();
  const unread = useMemo(() => alerts.items.filter((item) => !item.read).length, [alerts.items]);
  return (
    <div className="phone">
      <PhoneBanner tab={tab} />
      <main className="phone-page scroll" tabIndex={0} aria-label={tabs.find((entry) => entry.name === tab)?.title}>
        {tab === 'home' && <Home />}
        {tab === 'positions' && <PhonePositions />}
        {tab === 'alerts' && <Alerts {...alerts} />}
        {tab === 'stop' && <Stop />}
      </main>
      <nav className="phone-tabs" aria-label="Pages">
        {tabs.map((entry) => (
          <button
            key={entry.name}
            type="button"
            aria-current={entry.name === tab ? 'page' : undefined}
            className={entry.name === 'stop' ? 'phone-tab phone-tab--stop' : 'phone-tab'}
            data-testid={`tab-${entry.name}`}
            onClick={() => setTab(entry.name)}
          >
            <TabIcon name={entry.name} />
            {entry.title}
            {entry.name === 'alerts' && unread > 0 && (
              <b aria-label={`${unread} unread`}>{unread > 99 ? '99+' : unread}</b>
            )}
          </button>
        ))}
      </nav>
      <LinkNote />
      <Toasts />
      <DialogHost />
    </div>
  );
}
