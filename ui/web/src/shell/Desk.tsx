import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { Banner } from './Banner';
import { DialogHost } from './DialogHost';
import { useDeskKeys } from './keys';
import { LayoutContext } from './layout';
import { LinkNote } from './LinkNote';
import { Tabs, workspaces, type WorkspaceId } from './Tabs';
import { Toasts } from './Toasts';
import { RiskWorkspace, TradeWorkspace, useIsWide } from './workspaces';

const storageKey = 'robotrader.workspace';

/** The desk on a screen: banner, tabs, one workspace of panels, and what lies over them. */
export function Desk(): ReactNode {
  const [workspace, setWorkspace] = useState<WorkspaceId>(storedWorkspace);
  const [maximised, setMaximised] = useState<string | null>(null);
  const docked = useIsWide() && workspace === 'trade';
  const toggleMaximised = useCallback((panel: string) => setMaximised((now) => (now === panel ? null : panel)), []);
  const layout = useMemo(() => ({ maximised, toggleMaximised }), [maximised, toggleMaximised]);

  const change = useCallback((id: WorkspaceId) => {
    setMaximised(null);
    setWorkspace(id);
  }, []);
  useEffect(() => localStorage.setItem(storageKey, workspace), [workspace]);

  useDeskKeys({
    workspace: (place) => {
      const entry = workspaces[place];
      if (entry) change(entry.id);
    },
    maximise: toggleMaximised,
    restore: () => setMaximised(null),
    isMaximised: maximised !== null,
  });

  return (
    <LayoutContext.Provider value={layout}>
      <div className="desk">
        <Banner />
        <Tabs workspace={workspace} onChange={change} />
        <main
          className={`workspace workspace--${docked ? 'dock' : workspace} ${maximised === null || docked ? '' : 'workspace--one'}`}
          data-testid={`workspace-${workspace}`}
        >
          <h1 className="visually-hidden">Trading desk</h1>
          {workspace === 'trade' ? <TradeWorkspace /> : <RiskWorkspace />}
        </main>
        <LinkNote />
        <Toasts />
        <DialogHost />
      </div>
    </LayoutContext.Provider>
  );
}

function storedWorkspace(): WorkspaceId {
  const kept = localStorage.getItem(storageKey);
  return workspaces.find((entry) => entry.id === kept)?.id ?? 'trade';
}
