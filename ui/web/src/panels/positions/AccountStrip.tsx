import { clock, format, type Account, type Agreement } from '@robotrader/client';
import type { ReactNode } from 'react';
import { useSilent } from '../../live/desk';
import { ms, num, useZone } from '../../live/lookups';

const agreements: Record<Agreement, { word: string; tone: string }> = {
  unknown: { word: 'not asked yet', tone: 't3' },
  checking: { word: 'checking', tone: 'warn' },
  agrees: { word: 'to the cent', tone: 'up' },
  differs: { word: 'differs', tone: 'danger' },
};

export function AccountStrip({ account, largest }: { account: Account; largest: string }): ReactNode {
  const zone = useZone();
  const silent = useSilent();
  const agreement = agreements[account.agrees_with_broker];
  return (
    <dl className={`strip ${silent ? 'stale' : ''}`} aria-label="Account">
      <Figure label="Gross exposure">
        {format.money(num(account.gross_exposure), 0)}{' '}
        <span className="t3">{format.percent(account.gross_exposure_percent)}</span>
      </Figure>
      <Figure label="Net exposure">
        {format.money(num(account.net_exposure), 0)}{' '}
        <span className="t3">{format.percent(account.net_exposure_percent)}</span>
      </Figure>
      <Figure label={`Cash ${account.currency}`}>{format.money(num(account.cash), 0)}</Figure>
      <Figure label="Excess liquidity">{format.money(num(account.excess_liquidity), 0)}</Figure>
      <Figure label="Buying power">{format.money(num(account.buying_power), 0)}</Figure>
      <Figure label="Commission">{format.money(-Math.abs(num(account.commission)))}</Figure>
      <Figure label="Agrees with IB">
        <span className={silent ? '' : agreement.tone} title={account.agreement_text}>
          {agreement.word}
        </span>
      </Figure>
      <Figure label="Reconciled">{clock.timeOfDay(ms(account.reconciled_at), zone)}</Figure>
      <Figure label="Largest">{largest}</Figure>
      <Figure label="Drawdown">{format.percent(account.drawdown_percent, 2)}</Figure>
    </dl>
  );
}

function Figure({ label, children }: { label: string; children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="ellipsis">{children}</dd>
    </div>
  );
}
