/** The parts that there are, in the order of the programme. */
import type { Part } from './part.ts';
import { crashes } from './t01-crashes.ts';
import { failingCalls } from './t02-failing-calls.ts';
import { corruption } from './t03-corruption.ts';
import { kills } from './t04-kills.ts';
import { powerCuts } from './t05-power-cuts.ts';
import { callErrors } from './t06-call-errors.ts';
import { operations } from './t07-operations.ts';
import { logFiles } from './t09-log-files.ts';
import { requests } from './t09-requests.ts';
import { instances } from './t10-instances.ts';
import { planted } from './t11-planted.ts';
import { fullDisk } from './t12-full-disk.ts';
import { slowClients } from './t13-slow-clients.ts';

export const parts: readonly Part[] = [
  crashes,
  failingCalls,
  corruption,
  kills,
  powerCuts,
  callErrors,
  operations,
  requests,
  logFiles,
  instances,
  planted,
  fullDisk,
  slowClients,
];

/** The parts of a list of ids and names; all of them for an empty list. */
export function chooseParts(only: string): readonly Part[] {
  const wanted = only
    .toLowerCase()
    .split(',')
    .filter((word) => word !== '');
  for (const word of wanted) {
    if (!parts.some((part) => isCalled(part, word))) throw new RangeError(`There is no part ${word}`);
  }
  return wanted.length === 0 ? parts : parts.filter((part) => wanted.some((word) => isCalled(part, word)));
}

function isCalled({ id, name }: Part, word: string): boolean {
  return id.toLowerCase() === word || name === word;
}
