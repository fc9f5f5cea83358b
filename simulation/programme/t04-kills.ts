/** T4: a store under eight writers is killed at a random time; what it acknowledged is there again. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStore } from '../../scripts/store-process.ts';
import { seededRandom } from '../seeded-random.ts';
import type { Part, Trial } from './part.ts';

export const kills: Part = {
  id: 'T4',
  name: 'kills',
  title: 'kill -9 of a store under 8 writers, at a random time',
  unit: 'kills',
  counts: { short: 20, full: 1_500, goal: 20_000 },
  needs: [],
  async run(trial) {
    const random = seededRandom(trial.seed);
    const directory = mkdtempSync(join(tmpdir(), 'event-store-torture-'));
    trial.defer(() => rmSync(directory, { recursive: true, force: true }));
    const acknowledged = new Set<string>();
    const args = ['serve', '--port', '0', '--data', join(directory, 'data'), '--segment-bytes', '4096'];
    const start = async () => {
      const store = await startStore({ args });
      trial.defer(async () => void (await store.end('SIGKILL')));
      return store;
    };
    const { url, end } = await start();
    const writers = Array.from({ length: 8 }, (_, writer) => write(`${url}/writer-${writer}`, acknowledged));
    await after(trial, 50 + random.below(200));
    await end('SIGKILL');
    await Promise.all(writers);
    const again = await start();
    const stored = await dataOf(again.url);
    for (const data of acknowledged) assert.ok(stored.has(data), `${data} was acknowledged`);
    return { done: 1, figures: { acknowledged: acknowledged.size } };
  },
};

function after({ clock }: Trial, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}

async function write(target: string, acknowledged: Set<string>): Promise<void> {
  for (let count = 1; ; count++) {
    const data = Buffer.from(`${target} ${count}`).toString('base64');
    const answer = await fetch(target, { method: 'POST', body: JSON.stringify({ type: 'Noted', data }) }).catch(
      () => undefined,
    );
    if (answer === undefined) return;
    assert.equal(answer.status, 200);
    acknowledged.add(data);
    await answer.text().catch(() => undefined);
  }
}

async function dataOf(url: string): Promise<ReadonlySet<string>> {
  const answer = await fetch(`${url}/-/events`, { headers: { Accept: 'application/x-ndjson' } });
  const lines = (await answer.text()).split('\n').filter((line) => line !== '');
  return new Set(lines.map((line) => JSON.parse(line).data));
}
