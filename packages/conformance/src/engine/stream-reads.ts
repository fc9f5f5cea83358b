/** Reads of a stream: where they start and end, both directions, limits, batches. */
import assert from 'node:assert/strict';
import type { StorageEngine } from '@event-store/core';
import { proposed, proposedSeries, store } from './appending.ts';
import type { EngineSuite } from './engine-suite.ts';
import { readStream, streamBatches, streamVersions } from './reading.ts';

export function testStreamReads({ itWithEngine }: EngineSuite): void {
  itWithEngine('a stream that nobody wrote to has no batches', async ({ engine }) => {
    await store(engine, { streamId: 'a' });
    for (const direction of ['forward', 'backward'] as const) {
      assert.deepEqual(await streamBatches(engine, { streamId: 'b', from: 1, direction }), []);
    }
  });

  itWithEngine('forward: from a version to the head', async ({ engine }) => {
    await storeSevenAmongOthers(engine);
    assert.deepEqual(await streamVersions(engine, { streamId: 'a' }), [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(await streamVersions(engine, { streamId: 'a', from: 4 }), [4, 5, 6, 7]);
    assert.deepEqual(await streamVersions(engine, { streamId: 'a', from: 7 }), [7]);
    assert.deepEqual(await streamVersions(engine, { streamId: 'a', from: 8 }), []);
    assert.deepEqual(await streamVersions(engine, { streamId: 'a', from: Number.MAX_SAFE_INTEGER }), []);
  });

  itWithEngine('backward: from a version, or the head, to version 1', async ({ engine }) => {
    await storeSevenAmongOthers(engine);
    const direction = 'backward';
    assert.deepEqual(await streamVersions(engine, { streamId: 'a', from: 7, direction }), [7, 6, 5, 4, 3, 2, 1]);
    assert.deepEqual(await streamVersions(engine, { streamId: 'a', from: 3, direction }), [3, 2, 1]);
    assert.deepEqual(await streamVersions(engine, { streamId: 'a', from: 1, direction }), [1]);
    assert.deepEqual(await streamVersions(engine, { streamId: 'a', from: 0, direction }), []);
    const pastHead = { streamId: 'a', from: Number.MAX_SAFE_INTEGER, direction } as const;
    assert.deepEqual(await streamVersions(engine, pastHead), [7, 6, 5, 4, 3, 2, 1]);
  });

  itWithEngine('limit: at most so many events, also inside an append', async ({ engine }) => {
    await storeSevenAmongOthers(engine);
    assert.deepEqual(await streamVersions(engine, { streamId: 'a', from: 2, limit: 3 }), [2, 3, 4]);
    assert.deepEqual(await streamVersions(engine, { streamId: 'a', from: 6, limit: 3 }), [6, 7]);
    assert.deepEqual(await streamVersions(engine, { streamId: 'a', limit: 1 }), [1]);
    const backward = { streamId: 'a', from: 6, limit: 2, direction: 'backward' } as const;
    assert.deepEqual(await streamVersions(engine, backward), [6, 5]);
  });

  itWithEngine('only the events of that stream, also where one id begins with the other', async ({ engine }) => {
    for (const streamId of ['a', 'aa', 'a/', 'A', 'a b', 'á', 'a\u0301']) {
      await store(engine, { streamId, events: [proposed({ type: streamId }), proposed({ type: streamId })] });
    }
    for (const streamId of ['a', 'aa', 'a/', 'A', 'a b', 'á', 'a\u0301']) {
      const events = await readStream(engine, { streamId });
      assert.deepEqual(
        events.map((event) => [event.streamId, event.type]),
        [
          [streamId, streamId],
          [streamId, streamId],
        ],
      );
    }
  });
}

/** Seven events of stream `a` in three appends, between those of other streams. */
async function storeSevenAmongOthers(engine: StorageEngine): Promise<void> {
  await store(engine, { streamId: 'a', events: proposedSeries(2) });
  await store(engine, { streamId: 'b', events: proposedSeries(3) });
  await store(engine, { streamId: 'a', events: proposedSeries(4) });
  await store(engine, { streamId: 'c' });
  await store(engine, { streamId: 'a' });
}
