import { format, type Appetite, type Leadership } from '@robotrader/client';
import { useMemo, type ReactNode } from 'react';
import { Empty } from '../../components/Empty';
import { Mark } from '../../components/Mark';
import { Panel } from '../../components/Panel';
import { TwoWayBar } from '../../components/TwoWayBar';
import { useRowCursor } from '../../components/useRowCursor';
import { useDesk, useSilent } from '../../live/desk';
import { useRotation } from '../../live/risk';
import { appetiteWords, quadrantWords } from '../../shell/words';
import { moods, whyNoAppetite, whyNoStanding } from './appetite';

/** Who leads, who follows, and whether the market wants risk. */
export function RotationPanel(): ReactNode {
  const { value, waiting } = useRotation();
  const silent = useSilent();
  const selected = useDesk((desk) => desk.selected);
  const select = useDesk((desk) => desk.select);
  const members = value?.members ?? none;
  const keys = useMemo(() => members.map((row) => row.instrument), [members]);
  const cursor = useRowCursor(keys, { value: selected, onMove: select });
  const most = members.reduce((largest, row) => Math.max(largest, Math.abs(row.strength ?? 0)), 0);
  const leader = value?.appetite.leader ?? '';

  return (
    <Panel
      id="rotation"
      title="Rotation"
      subject={leader === '' ? 'no leader known' : `${leader} leads`}
      footer={value && <AppetiteStrip appetite={value.appetite} silent={silent} />}
    >
      <div
        className={`scroll pane ${silent ? 'stale' : ''}`}
        {...cursor.paneProps}
        aria-label="Rotation"
        aria-rowcount={members.length}
      >
        {value === null ? (
          <Empty title="No rotation known">{waiting}</Empty>
        ) : members.length === 0 ? (
          <Empty title="No rotation known">
            [regime.rotation] names the members. They appear when the first of them is ranked.
          </Empty>
        ) : (
          <table className="grid" role="presentation">
            <colgroup>
              <col style={{ width: 24 }} />
              <col style={{ width: 48 }} />
              <col />
              <col style={{ width: '20%' }} />
              <col style={{ width: 52 }} />
              <col style={{ width: 56 }} />
            </colgroup>
            <thead>
              <tr role="row">
                <th role="columnheader">
                  <span className="visually-hidden">Rank</span>
                </th>
                <th role="columnheader">Symbol</th>
                <th role="columnheader">State</th>
                <th role="columnheader">
                  <span className="visually-hidden">Above or below the mean</span>
                </th>
                <th role="columnheader" className="num" title="Return against the mean, in standard deviations">
                  Strength
                </th>
                <th role="columnheader" className="num" title="Change of strength">
                  Change
                </th>
              </tr>
            </thead>
            <tbody>
              {members.map((row) => (
                <tr
                  key={row.instrument}
                  role="row"
                  {...cursor.rowProps(row.instrument)}
                  data-testid={`rotation-${row.symbol}`}
                >
                  <MemberCells row={row} most={most} />
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}

const none: readonly Leadership[] = [];

function MemberCells({ row, most }: { row: Leadership; most: number }): ReactNode {
  const word = quadrantWords[row.quadrant];
  return (
    <>
      <td role="gridcell" className="t3">
        {row.rank ?? format.MISSING}
      </td>
      <td role="gridcell" className="sym">
        {row.symbol}
      </td>
      <td role="gridcell" title={whyNoStanding(row)}>
        <Mark shape={word.shape} tone={word.tone}>
          {word.word}
        </Mark>
      </td>
      <td role="gridcell">
        <TwoWayBar value={row.strength} most={most} />
      </td>
      <td role="gridcell" className="num t1" title={row.strength === null ? whyNoStanding(row) : ''}>
        {format.change(row.strength)}
      </td>
      <td role="gridcell" className="num" title={row.momentum === null ? whyNoStanding(row) : ''}>
        {format.change(row.momentum)}
      </td>
    </>
  );
}

function AppetiteStrip({ appetite, silent }: { appetite: Appetite; silent: boolean }): ReactNode {
  const word = appetiteWords[appetite.held];
  return (
    <div className={silent ? 'stale' : ''} data-testid="appetite">
      <p className="appetite">
        <span className="t3">Risk appetite</span>
        <Mark shape={word.shape} tone={word.tone}>
          {word.word}
        </Mark>
        <span className="t1" title="From −1, risk off, to +1, risk on">
          {format.change(appetite.score)}
        </span>
        <span className="t3">{whyNoAppetite(appetite)}</span>
      </p>
      <dl className="strip strip--four">
        {moods(appetite).map((mood) => (
          <div key={mood.label} title={mood.means}>
            <dt>{mood.label}</dt>
            <dd>{mood.value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
