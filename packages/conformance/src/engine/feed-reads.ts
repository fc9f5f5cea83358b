/** Reads of the feed: positions without gap or repeat, the end, cursors, limits, batches. */
import assert from 'node:assert/strict';
import type { StorageEngine } from '@event-store/core';
import { proposedSeries, refused, store } from './appending.ts';
import type { EngineSuite } from './engine-suite.ts';
import { eventsOf, feedBatches, feedPositions, readFeed, readStream } from './reading.ts';

export function testFeedReads({ itWithEngine }: EngineSuite): void {
  itWithEngine('an empty feed is one empty batch, caught up', async ({ engine }) => {
    assert.deepEqual(await feedBatches(engine), [{ events: [], through: 0, caughtUp: true }]);
  });

  itWithEngine('all events of all streams, each at its position', async ({ engine }) => {
    await storeTen(engine);
    const events = await readFeed(engine);
    assert.deepEqual(
      events.map(({ position, streamId, version }) => [position, streamId, version]),
      [
        [1, 'a', 1],
        [2, 'a', 2],
        [3, 'b', 1],
        [4, 'a', 3],
        [5, 'a', 4],
        [6, 'a', 5],
        [7, 'c', 1],
        [8, 'b', 2],
        [9, 'b', 3],
        [10, 'a', 6],
      ],
    );
    for (const streamId of ['a', 'b', 'c']) {
      const stream = await readStream(engine, { streamId });
      const restricted = events.filter((event) => event.streamId === streamId);
      if (engine.capabilities.positionOnAppend) assert.deepEqual(restricted, stream);
      else assert.equal(restricted.length, stream.length);
    }
  });

  itWithEngine('after a position: what comes behind it', async ({ engine }) => {
    await storeTen(engine);
    for (let after = 0; after <= 10; after++) {
      const expected = Array.from({ length: 10 - after }, (_, index) => after + index + 1);
      assert.deepEqual(await feedPositions(engine, { after }), expected);
    }
    assert.deepEqual(await feedBatches(engine, { after: 10 }), [{ events: [], through: 10, caughtUp: true }]);
  });

  itWithEngine('after a position past the end', async ({ engine }) => {
    await refused(() => readFeed(engine, { after: 1 }), 'cursor-ahead');
    await storeTen(engine);
    await refused(() => readFeed(engine, { after: 11 }), 'cursor-ahead');
    await refused(() => readFeed(engine, { after: 11, limit: 1, filter: { types: new Set(['A']) } }), 'cursor-ahead');
    await refused(() => readFeed(engine, { after: Number.MAX_SAFE_INTEGER }), 'cursor-ahead');
  });

  itWithEngine('limit: pages that go on from `through` show all, once', async ({ engine }) => {
    await storeTen(engine);
    for (const limit of [1, 2, 3, 7, 9, 10, 11]) {
      const positions: number[] = [];
      let after = 0;
      for (let caughtUp = false; !caughtUp; ) {
        const batches = await feedBatches(engine, { after, limit });
        const events = eventsOf(batches);
        assert.ok(events.length <= limit, 'a page is not longer than its limit');
        positions.push(...events.map(({ position }) => position ?? 0));
        const last = batches.at(-1);
        assert.ok(last !== undefined);
        assert.ok(last.caughtUp || last.through > after, 'a page that is not the last makes progress');
        assert.equal(last.caughtUp, last.through === 10, 'caught up is where the feed ends');
        after = last.through;
        caughtUp = last.caughtUp;
      }
      assert.deepEqual(positions, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    }
  });
}

async function storeTen(engine: StorageEngine): Promise<void> {
  await store(engine, { streamId: 'a', events: proposedSeries(2) });
  await store(engine, { streamId: 'b' });
  await store(engine, { streamId: 'a', events: proposedSeries(3) });
  await store(engine, { streamId: 'c' });
  await store(engine, { streamId: 'b', events: proposedSeries(2) });
  await store(engine, { streamId: 'a' });
}
