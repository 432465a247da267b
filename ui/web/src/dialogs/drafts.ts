// Edits of parameters before they are sent: what is wrong with them, and what they would change.

import { format, type Parameter } from '@robotrader/client';

export type Drafts = Readonly<Record<string, string>>;

export interface Change {
  name: string;
  from: number;
  to: number;
  unit: string;
}

function read(text: string): number {
  const plain = text.trim().replace(format.MINUS, '-').replaceAll(',', '');
  return plain === '' ? NaN : Number(plain);
}

/** A sentence about what is wrong with a draft, or null when it may be sent. */
export function checkDraft(parameter: Parameter, draft: string | undefined): string | null {
  if (draft === undefined) return null;
  const value = read(draft);
  if (!Number.isFinite(value)) return 'not a number';
  if (value < parameter.min) return `at least ${format.quantity(parameter.min)}`;
  if (value > parameter.max) return `at most ${format.quantity(parameter.max)}`;
  if (parameter.step > 0) {
    const steps = (value - parameter.min) / parameter.step;
    if (Math.abs(steps - Math.round(steps)) > 1e-6) return `in steps of ${format.quantity(parameter.step)}`;
  }
  return null;
}

export function changesOf(parameters: readonly Parameter[], drafts: Drafts): Change[] {
  return parameters.flatMap((parameter) => {
    const draft = drafts[parameter.name];
    if (draft === undefined || checkDraft(parameter, draft) !== null) return [];
    const to = read(draft);
    return to === parameter.value ? [] : [{ name: parameter.name, from: parameter.value, to, unit: parameter.unit }];
  });
}
