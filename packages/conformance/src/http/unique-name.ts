import { systemClock } from '@event-store/core';

const run = systemClock.now().toString(36);
let names = 0;

/** A name that nothing in the store has yet, so that the suite runs against a store with data in it. */
export function uniqueName(prefix: string): string {
  names++;
  return `${prefix}-${run}-${names}`;
}
