import { useEffect, useRef, type ReactNode } from 'react';
import { Mark } from '../components/Mark';
import { useDesk } from '../live/desk';
import { onFrame, setText } from '../live/ticker';

/** What the gateway cell says while the page has no engine. */
export function LinkCell(): ReactNode {
  const link = useDesk((desk) => desk.link);
  const wait = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      onFrame((now) => {
        if (link.kind !== 'lost') return;
        setText(wait.current, `retry ${link.attempt} in ${Math.max(0, Math.ceil((link.retryAtMs - now) / 1000))} s`);
      }),
    [link],
  );
  if (link.kind === 'connecting')
    return (
      <Mark shape="ring" tone="quiet">
        Connecting
      </Mark>
    );
  return (
    <>
      <Mark shape="diamond" tone="danger">
        {link.kind === 'refused' ? 'Refused' : 'No engine'}
      </Mark>{' '}
      <span ref={wait} className="banner-side" aria-hidden="true" />
    </>
  );
}
