import type { ReactNode } from 'react';

export interface Segment<T extends string> {
  value: T;
  text: ReactNode;
  label?: string;
}

/** A filter of a few words; one is chosen. */
export function Segments<T extends string>({
  label,
  segments,
  value,
  onChange,
}: {
  label: string;
  segments: readonly Segment<T>[];
  value: T;
  onChange: (value: T) => void;
}): ReactNode {
  return (
    <div className="segments" role="group" aria-label={label}>
      {segments.map((segment) => (
        <button
          key={segment.value}
          type="button"
          aria-pressed={segment.value === value}
          aria-label={segment.label}
          onClick={() => onChange(segment.value)}
        >
          {segment.text}
        </button>
      ))}
    </div>
  );
}
