import { clock, type LogLine } from '@robotrader/client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Empty } from '../../components/Empty';
import { Glyph } from '../../components/Mark';
import { Panel } from '../../components/Panel';
import { Segments } from '../../components/Segments';
import { useDesk } from '../../live/desk';
import { ms, useZone } from '../../live/lookups';
import { logMarks } from '../../shell/words';

type Filter = 'all' | 'orders' | 'risk' | 'eye';

const rowHeight = 19;

/** One sentence per fact, newest first. */
export function EventLog(): ReactNode {
  const log = useDesk((desk) => desk.state?.log ?? none);
  const select = useDesk((desk) => desk.select);
  const zone = useZone();
  const [filter, setFilter] = useState<Filter>('all');
  const [search, setSearch] = useState<string | null>(null);
  const pane = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => chooseLines(log, filter, search ?? ''), [log, filter, search]);
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer is used here only, nothing memoised hangs on it
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => pane.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });

  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    setSearch((now) => now ?? '');
  };

  return (
    <Panel
      id="log"
      title="Events"
      onKey={onKey}
      actions={
        <Segments
          label="Which events"
          value={filter}
          onChange={setFilter}
          segments={[
            { value: 'all', text: 'All' },
            { value: 'orders', text: 'Orders' },
            { value: 'risk', text: 'Risk' },
            { value: 'eye', text: <Glyph shape="triangle" />, label: 'Needs a look' },
          ]}
        />
      }
    >
      {search !== null && (
        <input
          className="input log-search"
          aria-label="Search events"
          placeholder="Search events, Esc ends"
          // eslint-disable-next-line jsx-a11y/no-autofocus -- the field opens because a key asked for it
          autoFocus
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            setSearch(null);
            pane.current?.focus();
          }}
        />
      )}
      <div className="scroll pane" ref={pane} tabIndex={0} role="log" aria-label="Events" aria-live="off">
        {lines.length === 0 && <Empty title={log.length === 0 ? 'No events yet' : 'No event matches'} />}
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map((item) => {
            const line = lines[item.index] as LogLine;
            return <LogRow key={line.id} line={line} top={item.start} zone={zone} onJump={select} />;
          })}
        </div>
      </div>
    </Panel>
  );
}

const none: readonly LogLine[] = [];

function LogRow({
  line,
  top,
  zone,
  onJump,
}: {
  line: LogLine;
  top: number;
  zone: string;
  onJump: (instrument: number) => void;
}): ReactNode {
  const mark = logMarks[line.level];
  const tone = line.level === 'attention' ? 'warn' : line.level === 'alarm' ? 'danger' : 't2';
  const subject = line.instrument;
  const text = (
    <>
      {mark.shape !== 'none' && <Glyph shape={mark.shape} />} {line.text}
    </>
  );
  return (
    <div
      className="log-row"
      style={{ transform: `translateY(${top}px)` }}
      data-level={line.level}
      data-topic={line.topic}
    >
      <time className="t3" title={clock.allClocks(ms(line.at), zone)}>
        {clock.timeOfDay(ms(line.at), zone)}
      </time>
      {subject === null ? (
        <span className={`ellipsis ${tone}`} title={line.text}>
          {text}
        </span>
      ) : (
        <button type="button" className={`ellipsis log-jump ${tone}`} title={line.text} onClick={() => onJump(subject)}>
          {text}
        </button>
      )}
    </div>
  );
}

/** Newest first, filtered by topic or by need, and by every word of the search. */
export function chooseLines(log: readonly LogLine[], filter: Filter, search: string): LogLine[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return log
    .filter((line) => {
      if (filter === 'orders' && line.topic !== 'order') return false;
      if (filter === 'risk' && line.topic !== 'risk') return false;
      if (filter === 'eye' && line.level !== 'attention' && line.level !== 'alarm') return false;
      const text = line.text.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .reverse();
}
