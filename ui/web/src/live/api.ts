import { makeApi, type Accepted, type Answer } from '@robotrader/client';
import { deskToken } from './token';
import { say } from './toasts';

export const api = makeApi('', deskToken);

/** Sends a command and says what was refused, in the server's own words. True when it was accepted. */
export async function command(asked: Promise<Answer<Accepted>>): Promise<boolean> {
  const answer = await asked;
  if (answer.ok) return true;
  const { text, details, code } = answer.refusal;
  say({ level: 'danger', text: [text, ...details].join(' '), key: code });
  return false;
}
