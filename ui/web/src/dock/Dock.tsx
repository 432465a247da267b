import { DockviewReact, type DockviewApi, type DockviewReadyEvent, type DockviewTheme } from 'dockview-react';
import 'dockview-react/dist/styles/dockview.css';
import { useContext, useEffect, useRef, type FunctionComponent, type ReactNode } from 'react';
import { LayoutContext } from '../shell/layout';
import { AccountPlace, ChartPlace, ControlPlace } from '../shell/places';
import { Ladder } from '../panels/ladder/Ladder';
import { EventLog } from '../panels/log/EventLog';
import { Orders } from '../panels/orders/Orders';
import { Tape } from '../panels/tape/Tape';
import { Watchlist } from '../panels/watchlist/Watchlist';
import { firstArrangement, keep, readKept, type DockPanel } from './arrangement';
import { dragged } from './drag';
import { useDock } from './dockStore';

const contents: Record<DockPanel, FunctionComponent> = {
  watchlist: () => <Watchlist />,
  chart: () => <ChartPlace />,
  ladder: () => <Ladder />,
  tape: () => <Tape />,
  account: () => <AccountPlace />,
  orders: () => <Orders />,
  control: () => <ControlPlace />,
  log: () => <EventLog />,
};

const theme: DockviewTheme = { name: 'robotrader', className: 'dock-theme', gap: 4 };

/** The trade workspace whose panels are moved by their headers and sized by their edges. */
export function Dock(): ReactNode {
  const dock = useRef<DockviewApi | null>(null);
  const { maximised } = useContext(LayoutContext);

  const onReady = ({ api }: DockviewReadyEvent): void => {
    dock.current = api;
    try {
      api.fromJSON(readKept().now ?? firstArrangement(api.width, api.height));
    } catch {
      api.fromJSON(firstArrangement(api.width, api.height));
    }
    showHeads(api);
    api.onDidLayoutChange(() => {
      showHeads(api);
      if (!api.hasMaximizedGroup()) keep({ now: api.toJSON() });
    });
    api.onUnhandledDragOver((event) => {
      if (dragged() !== null) event.accept();
    });
    useDock.setState({ api });
  };
  useEffect(() => () => useDock.setState({ api: null }), []);

  useEffect(() => {
    const api = dock.current;
    if (!api) return;
    if (maximised === null) {
      if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
      return;
    }
    const place = api.panels.find((panel) => panel.view.content.element.querySelector(`[data-panel="${maximised}"]`));
    if (place) api.maximizeGroup(place);
  }, [maximised]);

  return (
    <DockviewReact
      className="dock"
      theme={theme}
      components={contents}
      onReady={onReady}
      onDidDrop={({ api, group, position }) => {
        const moved = api.panels.find((panel) => panel.view.content.element.contains(dragged()));
        if (!moved || (group !== undefined && moved.group === group && group.panels.length === 1)) return;
        moved.api.moveTo(group === undefined ? { position } : { group, position });
      }}
      disableFloatingGroups
      disableTabsOverflowList
    />
  );
}

/** A panel alone is headed by its own line; several in one place get a row of tabs. */
function showHeads(api: DockviewApi): void {
  for (const group of api.groups) {
    const hidden = group.panels.length < 2;
    if (group.header.hidden !== hidden) group.header.hidden = hidden;
  }
}
