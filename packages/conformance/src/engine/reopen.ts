/** What was acknowledged outlives the engine: after opening the store again everything is as it was. */
import assert from 'node:assert/strict';
import type { StorageEngine } from '@event-store/core';
import { append, placeOf, proposed, proposedSeries, proposedWithIds, store } from './appending.ts';
import type { EngineSuite, ReopenEngine } from './engine-suite.ts';
import { readFeed, readStream } from './reading.ts';

export function testReopen({ itWithEngine }: EngineSuite): void {
  const itReopens = (name: string, body: (engine: StorageEngine, reopen: ReopenEngine) => Promise<void>) =>
    itWithEngine(name, async ({ engine, reopen }) => {
      assert.equal(
        reopen !== undefined,
        engine.capabilities.durable,
        'durable engines, and only they, can be reopened',
      );
      if (reopen !== undefined) await body(engine, reopen);
    });

  itReopens('an empty store is empty again', async (engine, reopen) => {
    assert.deepEqual(await readFeed(engine), []);
    const reopened = await reopen({});
    assert.deepEqual(await readFeed(reopened), []);
    assert.deepEqual((await store(reopened, { streamId: 'a' })).firstVersion, 1);
  });

  itReopens('events, versions, positions, times and the list of streams', async (engine, reopen) => {
    for (let round = 0; round < 5; round++) {
      for (const streamId of ['a', 'b', 'é', '__proto__']) {
        await store(engine, { streamId, events: proposedSeries(1 + round) });
      }
    }
    const before = await snapshot(engine);
    const reopened = await reopen({});
    assert.deepEqual(await snapshot(reopened), before);
    assert.deepEqual(await snapshot(await reopen({})), before);
  });

  itReopens('ids: a retry is still one, and misuse is still noticed', async (engine, reopen) => {
    const batch = proposedWithIds('one', 'two', 'three');
    const calls = [
      { streamId: 'a', events: batch },
      { streamId: 'b', expectedVersion: 1, events: proposedWithIds('one') },
      { streamId: 'a', expectedVersion: 4, events: [proposed({ id: 'four', metadata: '{"a":"\\u2028"}' })] },
    ];
    const first = [];
    for (const call of calls) first.push(await store(engine, call));
    const reopened = await reopen({});
    for (const [index, call] of calls.entries()) {
      assert.deepEqual(placeOf(await append(reopened, call), 'replayed'), first[index]);
    }
    const part = await append(reopened, { streamId: 'a', events: batch.slice(0, 2) });
    assert.deepEqual(part, { outcome: 'event-id-reused', streamId: 'a', eventId: 'one', index: 0 });
    const conflict = await append(reopened, { streamId: 'a', expectedVersion: 1, events: batch.slice(0, 2) });
    assert.deepEqual(conflict, { outcome: 'version-conflict', streamId: 'a', currentVersion: 4 });
    assert.equal((await readFeed(reopened)).length, 5);
  });

  itReopens('appends go on where they were', async (engine, reopen) => {
    await store(engine, { streamId: 'a', events: proposedSeries(3) });
    let current = engine;
    for (let round = 1; round <= 5; round++) {
      current = await reopen({});
      const place = await store(current, { streamId: 'a', expectedVersion: 3 + round });
      if (current.capabilities.positionOnAppend) assert.equal(place.position, 3 + round);
    }
    assert.equal((await readStream(current, { streamId: 'a' })).length, 8);
  });

  itReopens('closing lets appends under way finish', async (engine, reopen) => {
    const appends = Array.from({ length: 50 }, () => append(engine, { streamId: 'a', events: proposedSeries(2) }));
    const reopened = await reopen({});
    for (const result of await Promise.all(appends)) assert.equal(result.outcome, 'appended');
    assert.equal((await readFeed(reopened)).length, 100);
  });
}

async function snapshot(engine: StorageEngine): Promise<object> {
  const feed = await readFeed(engine);
  const streamIds = [...new Set(feed.map(({ streamId }) => streamId))];
  return {
    feed,
    streams: await Promise.all(streamIds.map((streamId) => readStream(engine, { streamId }))),
    list: engine.capabilities.listsStreams ? await engine.listStreams({ prefix: '', after: '', limit: 100 }) : [],
  };
}
