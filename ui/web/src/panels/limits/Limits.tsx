import { format, type Limit } from '@robotrader/client';
import { useMemo, type KeyboardEvent, type ReactNode } from 'react';
import { Empty } from '../../components/Empty';
import { LimitBar } from '../../components/LimitBar';
import { Mark } from '../../components/Mark';
import { Panel } from '../../components/Panel';
import { useRowCursor } from '../../components/useRowCursor';
import { useDesk, useSilent } from '../../live/desk';
import { openDialog } from '../../shell/dialogs';
import { limitWords } from '../../shell/words';

/** Every limit: how much is used, how much is allowed, and what happens when it is hit. */
export function Limits({ tabs }: { tabs?: ReactNode }): ReactNode {
  const limits = useDesk((desk) => desk.state?.limits ?? none);
  const silent = useSilent();
  const narrow = tabs !== undefined;
  const keys = useMemo(() => limits.map(keyOf), [limits]);
  const edit = (key: string): void => {
    const row = limits.find((entry) => keyOf(entry) === key);
    if (row?.editable) openDialog({ kind: 'limit', name: row.name, subject: row.subject });
  };
  const cursor = useRowCursor(keys, { onEnter: edit });
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'e' || event.ctrlKey || event.metaKey || cursor.cursor === null) return;
    event.preventDefault();
    edit(cursor.cursor);
  };
  const near = limits.filter((row) => row.state !== 'ok').length;

  return (
    <Panel
      id="limits"
      title={tabs ?? 'Risk limits'}
      subject={near === 0 ? 'all inside' : `${near} near or hit`}
      onKey={onKey}
    >
      <div
        className={`scroll pane ${silent ? 'stale' : ''}`}
        {...cursor.paneProps}
        aria-label="Risk limits"
        aria-rowcount={limits.length}
      >
        {limits.length === 0 ? (
          <Empty title="No limits known">The engine has not told its limits yet.</Empty>
        ) : (
          <table className="grid" role="presentation">
            <colgroup>
              <col />
              <col style={{ width: narrow ? 84 : 66 }} />
              <col style={{ width: narrow ? 84 : 66 }} />
              <col style={{ width: narrow ? 44 : 64 }} />
              <col style={{ width: 44 }} />
              {!narrow && <col style={{ width: 76 }} />}
              {!narrow && <col style={{ width: '31%' }} />}
            </colgroup>
            <thead>
              <tr role="row">
                <th role="columnheader">Limit</th>
                <th role="columnheader" className="num">
                  Used
                </th>
                <th role="columnheader" className="num">
                  Allowed
                </th>
                <th role="columnheader">
                  <span className="visually-hidden">Use</span>
                </th>
                <th role="columnheader" className="num">
                  Use
                </th>
                {!narrow && <th role="columnheader">State</th>}
                {!narrow && <th role="columnheader">When hit</th>}
              </tr>
            </thead>
            <tbody>
              {limits.map((row) => (
                <tr
                  key={keyOf(row)}
                  role="row"
                  {...cursor.rowProps(keyOf(row))}
                  data-testid={`limit-${row.name}`}
                  title={`${row.measure === '' ? '' : `Used: ${row.measure}. `}When hit: ${row.effect}.`}
                  onDoubleClick={() => edit(keyOf(row))}
                >
                  <LimitCells row={row} narrow={narrow} />
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}

const none: readonly Limit[] = [];

function keyOf(row: Limit): string {
  return `${row.name}|${row.subject}`;
}

export function limitValue(value: number | null, unit: string): string {
  if (value === null) return format.MISSING;
  if (/^[A-Z]{3}$/.test(unit)) return format.money(value, Math.abs(value) < 1000 && !Number.isInteger(value) ? 2 : 0);
  if (unit === '%') return format.percent(value, Math.abs(value) < 10 ? 2 : 1);
  return `${format.quantity(Math.abs(value) >= 1000 ? Math.round(value) : value)}`;
}

function LimitCells({ row, narrow }: { row: Limit; narrow: boolean }): ReactNode {
  const word = limitWords[row.state];
  const tone = row.state === 'hit' ? 'danger' : row.state === 'near' ? 'warn' : 't1';
  return (
    <>
      <td role="gridcell" className="ellipsis t1">
        {row.title} <span className="t3">{row.subject !== '' ? row.subject : row.unit === '%' ? '' : row.unit}</span>
      </td>
      <td role="gridcell" className={`num ${tone}`}>
        {row.used === null && row.measure !== '' ? <span className="t3">setting</span> : limitValue(row.used, row.unit)}
      </td>
      <td role="gridcell" className="num">
        {limitValue(row.limit, row.unit)}
      </td>
      <td role="gridcell">
        {row.used !== null && (
          <LimitBar percent={row.use_percent} warn={row.warn_percent} level={row.state} label={`${row.title} used`} />
        )}
      </td>
      <td role="gridcell" className={`num ${tone}`}>
        {row.used === null ? '' : format.percent(row.use_percent, 0)}
      </td>
      {!narrow && (
        <td role="gridcell">
          {row.used !== null && (
            <Mark shape={word.shape} tone={word.tone}>
              {word.word}
            </Mark>
          )}
          {row.denials > 0 && <span className="t3"> {format.quantity(row.denials)}×</span>}
        </td>
      )}
      {!narrow && (
        <td role="gridcell" className="ellipsis">
          {row.effect}
        </td>
      )}
    </>
  );
}
