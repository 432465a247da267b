import type { ReactNode } from 'react';

/** Two panels that share one place. */
export function PanelTabs<T extends string>({
  label,
  tabs,
  value,
  onChange,
}: {
  label: string;
  tabs: readonly { value: T; text: string }[];
  value: T;
  onChange: (value: T) => void;
}): ReactNode {
  return (
    <span className="panel-tabs" role="tablist" aria-label={label}>
      {tabs.map((tab) => (
        <button
          key={tab.value}
          type="button"
          role="tab"
          aria-selected={tab.value === value}
          onClick={() => onChange(tab.value)}
        >
          {tab.text}
        </button>
      ))}
    </span>
  );
}
