import { format, type Exposure } from '@robotrader/client';
import type { ReactNode } from 'react';
import { TwoWayBar } from '../../components/TwoWayBar';
import { num } from '../../live/lookups';
import { sliceName, whyNoBeta, whyNoShare } from './exposure';

export function ExposureHead({ first }: { first: string }): ReactNode {
  return (
    <>
      <colgroup>
        <col />
        <col style={{ width: 66 }} />
        <col style={{ width: '12%' }} />
        <col style={{ width: 60 }} />
        <col style={{ width: 52 }} />
        <col style={{ width: 44 }} />
        <col style={{ width: 70 }} />
      </colgroup>
      <thead>
        <tr role="row">
          <th role="columnheader">{first}</th>
          <th role="columnheader" className="num">
            Net
          </th>
          <th role="columnheader">
            <span className="visually-hidden">Long or short</span>
          </th>
          <th role="columnheader" className="num">
            Gross
          </th>
          <th role="columnheader" className="num" title="Of net liquidation">
            Weight
          </th>
          <th role="columnheader" className="num">
            Beta
          </th>
          <th role="columnheader" className="num" title="Net times beta: what the benchmark moves of it">
            By beta
          </th>
        </tr>
      </thead>
    </>
  );
}

export function ExposureCells({ row, most }: { row: Exposure; most: number }): ReactNode {
  const net = num(row.net);
  return (
    <>
      <td role="gridcell" className={`ellipsis ${row.kind === 'instrument' ? 'sym' : 't1'}`} title={sliceName(row)}>
        {sliceName(row)}
      </td>
      <td role="gridcell" className={`num ${row.kind === 'currency' ? 't1' : format.direction(net)}`}>
        {format.money(net, 0)}
      </td>
      <td role="gridcell">{row.kind === 'currency' ? null : <TwoWayBar value={net} most={most} />}</td>
      <td role="gridcell" className="num">
        {format.money(num(row.gross), 0)}
      </td>
      <td role="gridcell" className="num" title={whyNoShare(row)}>
        {format.percent(row.percent)}
      </td>
      <td role="gridcell" className="num" title={whyNoBeta(row)}>
        {format.price(row.beta)}
      </td>
      <td role="gridcell" className="num" title={row.beta_exposure === null ? whyNoBeta(row) : ''}>
        {row.beta_exposure === null ? format.MISSING : format.money(num(row.beta_exposure), 0)}
      </td>
    </>
  );
}
