import { clock, format, type Session } from '@robotrader/client';
import { useEffect, useRef, type ReactNode } from 'react';
import { Key } from '../components/Key';
import { Mark } from '../components/Mark';
import { api, command } from '../live/api';
import { engineNowMs, useDesk } from '../live/desk';
import { useZone } from '../live/lookups';
import { onFrame, setText } from '../live/ticker';
import { toggleTheme, useLook } from '../theme/theme';
import { openDialog, useDialog } from './dialogs';

export const workspaces = [
  { id: 'trade', title: 'Trade' },
  { id: 'risk', title: 'Risk' },
] as const;
export type WorkspaceId = (typeof workspaces)[number]['id'];

const sessions: Record<Session, string> = { closed: 'closed', pre: 'pre-market', rth: 'RTH', post: 'after hours' };

export function Tabs({
  workspace,
  onChange,
}: {
  workspace: WorkspaceId;
  onChange: (id: WorkspaceId) => void;
}): ReactNode {
  const theme = useLook((look) => look.theme);
  return (
    <nav className="tabs" aria-label="Workspaces">
      <div role="tablist" aria-label="Workspaces" style={{ display: 'flex', gap: 2 }}>
        {workspaces.map((entry, place) => (
          <button
            key={entry.id}
            role="tab"
            type="button"
            aria-selected={entry.id === workspace}
            onClick={() => onChange(entry.id)}
          >
            <Key>{place + 1}</Key>
            {entry.title}
          </button>
        ))}
      </div>
      <EntriesStopped />
      <div className="tabs-end">
        <button type="button" className="palette-open" onClick={() => openDialog({ kind: 'palette' })}>
          <span>Search or tell it what to do</span> <Key>Ctrl K</Key>
        </button>
        <button type="button" className="link" onClick={() => openDialog({ kind: 'layouts' })}>
          Layout
        </button>
        <button type="button" className="link" onClick={toggleTheme}>
          {theme === 'dark' ? 'Light' : 'Dark'} <Key>T</Key>
        </button>
        <button type="button" className="link" onClick={() => openDialog({ kind: 'help' })}>
          Keys <Key>?</Key>
        </button>
        <EngineClock />
      </div>
    </nav>
  );
}

/** Says why no entries leave, and offers to let them out again where a person stopped them. */
function EntriesStopped(): ReactNode {
  const allowed = useDesk((desk) => desk.state?.status.entries_allowed ?? true);
  const cause = useDesk((desk) => desk.state?.status.entries_blocked_by ?? '');
  const kill = useDesk((desk) => desk.state?.status.kill.state);
  const dialog = useDialog((store) => store.dialog?.kind);
  const silent = useDesk((desk) => desk.link.kind !== 'open');
  if (allowed || silent || dialog === 'kill') return null;
  return (
    <span className="entries-stopped" data-testid="entries-stopped">
      <Mark shape="triangle" tone="warn">
        Entries stopped
      </Mark>
      <span className="ellipsis t2" title={cause}>
        {cause}
      </span>
      {kill === 'entries_stopped' && (
        <button type="button" className="btn btn--small" onClick={() => void command(api.resumeEntries())}>
          Resume entries
        </button>
      )}
    </span>
  );
}

/** Exchange time by the engine, never by this computer. */
function EngineClock(): ReactNode {
  const zone = useZone();
  const time = useRef<HTMLSpanElement>(null);
  const closes = useRef<HTMLSpanElement>(null);
  const session = useDesk((desk) => desk.state?.status.session);
  const speed = useDesk((desk) => desk.state?.status.speed ?? 1);
  useEffect(
    () =>
      onFrame((now) => {
        const at = engineNowMs(now);
        setText(time.current, at > 0 ? `${clock.dayName(at, zone)} ${clock.timeOfDay(at, zone)}` : format.MISSING);
        const end = useDesk.getState().state?.status.session_closes ?? null;
        setText(
          closes.current,
          end === null || at === 0 ? '' : `, closes in ${format.countdown((Date.parse(end) - at) / 1000)}`,
        );
      }),
    [zone],
  );
  return (
    <span className="clock" data-testid="engine-clock">
      <span ref={time} className="t1 medium" /> {clock.zoneName(zone)}
      {session !== undefined && <> · {sessions[session]}</>}
      <span ref={closes} />
      {speed !== 1 && <span className="t3"> · {format.quantity(speed)}×</span>}
    </span>
  );
}
