import { format } from '@robotrader/client';
import type { ReactNode } from 'react';
import { Panel } from '../../components/Panel';
import { useDesk } from '../../live/desk';
import { useZone } from '../../live/lookups';
import { DenialRows } from './DenialRows';

export function Denials(): ReactNode {
  const state = useDesk((desk) => desk.state);
  const zone = useZone();
  const count = state?.denials.reduce((sum, row) => sum + Math.max(1, row.repeats), 0) ?? 0;
  return (
    <Panel id="denials" title="Denied" subject={format.plural(count, 'order')}>
      <div className="scroll pane" tabIndex={0} role="region" aria-label="Denied orders">
        {state && <DenialRows denials={state.denials} state={state} zone={zone} />}
      </div>
    </Panel>
  );
}
