import { randomUUID } from 'node:crypto';

/** A name that nothing in the store has yet, so that the suite runs against a store with data in it. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomUUID()}`;
}
