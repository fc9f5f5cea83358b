/** A store in a process of its own that a test cannot leave behind, and what a user does with it. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type StoreCommand, type StoreProcess, startStore } from '../../scripts/store-process.ts';

/** Starts the command; it is killed after the test if it still runs then. */
export async function startedStore(context: TestContext, command: StoreCommand): Promise<StoreProcess> {
  const store = await startStore(command);
  context.after(() => store.end('SIGKILL'));
  return store;
}

/** The arguments of a store with its data in `data` on a free port. */
export function serveIn(data: string): readonly string[] {
  return ['serve', '--port', '0', '--data', data];
}

export interface Appended {
  readonly firstVersion: number;
  readonly version: number;
  readonly position: number;
}

export async function append(url: string, body: unknown): Promise<Appended> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text);
}

/** Every event of the feed. */
export async function feed(url: string): Promise<readonly { readonly streamId: string; readonly data: string }[]> {
  const answer = await fetch(`${url}/-/events`, { headers: { Accept: 'application/x-ndjson' } });
  assert.equal(answer.status, 200);
  const lines = (await answer.text()).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}
