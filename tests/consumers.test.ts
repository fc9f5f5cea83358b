/** Checkpoints that were answered outlive the server that answered them, however it ends. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CheckpointAnswer, Consumer } from '@event-store/core';
import { append, serveIn, startedStore } from './support/store.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const partitions = ['1/4', '2/4', '3/4', '4/4'];
const eventCount = 500;
const movesEachLife = 25;

test('a server that ends while checkpoints move keeps every one that it answered', async (context) => {
  const data = join(temporaryDirectory(context), 'data');
  const answered = new Map(partitions.map((partition) => [partition, 0]));
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGKILL'] as const) {
    const { url, end } = await startedStore(context, { args: serveIn(data) });
    const consumer = `${url}/-/consumers/readers`;
    if (answered.get('1/4') === 0) {
      await append(
        `${url}/noted`,
        Array.from({ length: eventCount }, () => ({ type: 'Noted', data: '' })),
      );
      assert.equal((await fetch(consumer, { method: 'PUT', body: '{}' })).status, 201);
    }
    for (const [partition, position] of answered) {
      const shown = (await (await fetch(`${consumer}?partition=${partition}`)).json()) as Consumer;
      assert.ok(shown.position === position || shown.position === position + 1, `${partition}: ${shown.position}`);
      answered.set(partition, shown.position);
    }
    const enough = Promise.withResolvers<void>();
    const movers = partitions.map(async (partition) => {
      for (let moves = 1; ; moves++) {
        const position = (answered.get(partition) ?? 0) + 1;
        const answer = await move(`${consumer}/checkpoint?partition=${partition}`, position);
        if (answer === undefined) return;
        assert.equal(answer.position, position);
        answered.set(partition, position);
        if (moves === movesEachLife) enough.resolve();
      }
    });
    await enough.promise;
    await end(signal);
    await Promise.all(movers);
  }
});

/** `undefined` when the server is gone, or about to go. */
async function move(url: string, position: number): Promise<CheckpointAnswer | undefined> {
  try {
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ position }) });
    if (answer.status === 503) return undefined;
    assert.equal(answer.status, 200);
    return (await answer.json()) as CheckpointAnswer;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
