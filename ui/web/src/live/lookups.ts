import { numberOf, type DeskState, type Instrument } from '@robotrader/client';
import { useDesk } from './desk';

export function instrumentOf(state: DeskState, id: number): Instrument | undefined {
  return state.instruments.find((row) => row.id === id);
}

export function symbolOf(state: DeskState, id: number): string {
  return instrumentOf(state, id)?.symbol ?? `#${id}`;
}

export function decimalsOf(state: DeskState, id: number): number {
  return instrumentOf(state, id)?.price_decimals ?? 2;
}

export function strategyTitle(state: DeskState, name: string): string {
  return state.strategies.find((row) => row.name === name)?.title ?? name;
}

/** Data that were made from minute bars are marked wherever they are shown. */
export function isReconstructed(instrument: Instrument | undefined): boolean {
  return instrument !== undefined && instrument.source.startsWith('reconstructed');
}

export function useZone(): string {
  return useDesk((desk) => desk.state?.status.time_zone ?? 'America/New_York') || 'UTC';
}

export function useSelected(): Instrument | undefined {
  return useDesk((desk) => (desk.state === null ? undefined : instrumentOf(desk.state, desk.selected)));
}

export const num = numberOf;

export function ms(text: string | null): number {
  return text === null ? 0 : Date.parse(text);
}
