import { format, type DeskState, type FlattenPreview, type KillScope } from '@robotrader/client';
import { useCallback, useEffect, useRef, useState } from 'react';
import useSWR from 'swr';
import { api, command } from '../live/api';
import { useDesk } from '../live/desk';
import { num, symbolOf } from '../live/lookups';

export interface KillChoice {
  scope: KillScope;
  title: string;
  text: string;
}

/** The word that stands in for holding, for those who cannot hold a button. */
export const killWords: Record<KillScope, string> = {
  stop_entries: 'STOP',
  cancel_entries: 'CANCEL',
  flatten: 'FLATTEN',
};

export interface KillPlan {
  preview: FlattenPreview | undefined;
  problem: string | null;
  choices: readonly KillChoice[];
  scope: KillScope;
  setScope: (scope: KillScope) => void;
  reason: string;
  setReason: (reason: string) => void;
  /** True from the moment the engine accepted that entries stop because the dialog is open. */
  entriesStopped: boolean;
  fire: () => Promise<boolean>;
  resume: () => void;
}

const refreshMs = 1000;

/** Opening stops entries; firing goes as far as chosen; closing without firing resumes what the opening stopped. */
export function useKill({ stopOnOpen }: { stopOnOpen: boolean }): KillPlan {
  const [allowedAtOpen] = useState(() => stopOnOpen && (useDesk.getState().state?.status.entries_allowed ?? false));
  const [scope, setScope] = useState<KillScope>('flatten');
  const [reason, setReason] = useState('');
  const [entriesStopped, setEntriesStopped] = useState(!allowedAtOpen);
  const asked = useRef(false);
  const { data: answer } = useSWR('flatten-preview', () => api.flattenPreview(), {
    refreshInterval: refreshMs,
    dedupingInterval: 0,
  });

  useEffect(() => {
    if (!allowedAtOpen || asked.current) return;
    asked.current = true;
    void command(api.stopEntries('kill dialog opened')).then((accepted) => setEntriesStopped(accepted));
  }, [allowedAtOpen]);

  const preview = answer?.ok ? answer.value : undefined;
  const fire = useCallback(() => command(api.kill({ scope, reason: reason === '' ? null : reason })), [scope, reason]);
  const resume = useCallback(() => {
    if (allowedAtOpen) void command(api.resumeEntries('kill dialog closed'));
  }, [allowedAtOpen]);
  return {
    preview,
    problem: answer && !answer.ok ? answer.refusal.text : null,
    choices: choicesFor(preview),
    scope,
    setScope,
    reason,
    setReason,
    entriesStopped,
    fire,
    resume,
  };
}

function choicesFor(preview: FlattenPreview | undefined): readonly KillChoice[] {
  const entries = preview ? format.plural(preview.entries_working, 'entry order') : 'Entry orders';
  const exits = preview ? format.plural(preview.exits_working, 'exit order') : 'exit orders';
  const all = preview ? preview.entries_working + preview.exits_working : null;
  return [
    { scope: 'stop_entries', title: 'Stop entries', text: 'Exits and stops keep working. Positions stay.' },
    {
      scope: 'cancel_entries',
      title: 'Stop entries and cancel entry orders',
      text: preview ? `${entries} and ${exits} are working. Exits stay.` : 'Entry orders are cancelled. Exits stay.',
    },
    {
      scope: 'flatten',
      title: 'Cancel everything and flatten',
      text:
        preview && all !== null
          ? `${format.plural(all, 'order')} cancelled, ${format.plural(preview.legs.length, 'position')} closed.`
          : 'All orders are cancelled, all positions closed.',
    },
  ];
}

export interface PlanLine {
  label: string;
  text: string;
  warn?: boolean;
}

/** "What will happen", in shares, money and orders. */
export function planLines(scope: KillScope, preview: FlattenPreview, state: DeskState): PlanLine[] {
  const lines: PlanLine[] = [];
  if (scope === 'stop_entries') {
    lines.push({ label: 'Entries', text: 'No new entry leaves until you reset, with a reason.' });
    lines.push({
      label: 'Stay',
      text: `${format.plural(preview.entries_working + preview.exits_working, 'working order')}, ${format.plural(preview.legs.length, 'position')}`,
    });
    return lines;
  }
  const orders = scope === 'flatten' ? preview.entries_working + preview.exits_working : preview.entries_working;
  lines.push({ label: 'Cancel', text: format.plural(orders, 'order') });
  if (scope === 'cancel_entries') {
    lines.push({
      label: 'Stay',
      text: `${format.plural(preview.exits_working, 'exit order')}, ${format.plural(preview.legs.length, 'position')}`,
    });
    return lines;
  }
  const side = (wanted: 'BUY' | 'SELL'): string =>
    preview.legs
      .filter((leg) => leg.side === wanted && leg.cannot === '')
      .map((leg) => `${symbolOf(state, leg.instrument)} ${format.quantity(num(leg.quantity))}`)
      .join(', ');
  const sell = side('SELL');
  const buy = side('BUY');
  if (sell !== '') lines.push({ label: 'Sell', text: sell });
  if (buy !== '') lines.push({ label: 'Buy', text: buy });
  if (preview.legs.length === 0) lines.push({ label: 'Positions', text: 'None is open.' });
  else {
    const currency = state.account.currency;
    lines.push({
      label: 'Traded value',
      text: `${format.money(num(preview.traded_value), 0)} ${currency}, ${format.percent(preview.traded_percent)} of net liquidation`,
    });
    lines.push({ label: 'Cost of spread', text: `${format.money(num(preview.spread_cost))} ${currency}` });
    lines.push({ label: 'Realizes', text: `about ${format.pnl(num(preview.realizes))} ${currency}` });
  }
  for (const leg of preview.legs) {
    if (leg.cannot !== '')
      lines.push({
        label: 'Cannot do',
        text: `${symbolOf(state, leg.instrument)} ${format.quantity(num(leg.quantity))}: ${leg.cannot}`,
        warn: true,
      });
  }
  if (preview.orders_unknown > 0) {
    lines.push({
      label: 'Cannot do',
      text: `${format.plural(preview.orders_unknown, 'order')} UNKNOWN. Cancelled first, then the position is read from IB.`,
      warn: true,
    });
  }
  return lines;
}
