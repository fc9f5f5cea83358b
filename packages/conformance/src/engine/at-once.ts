import type { AppendResult } from '@event-store/core';

/** How many clients append at once. */
export const clients = 100;

/** Starts the action of every client before any has ended, and waits for all. */
export function atOnce(action: (client: number) => Promise<AppendResult>): Promise<readonly AppendResult[]> {
  return Promise.all(Array.from({ length: clients }, (_, client) => action(client)));
}
