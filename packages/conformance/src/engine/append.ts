/** What an append answers, and that what it stored is what every read then shows. */
import assert from 'node:assert/strict';
import { proposed, proposedSeries, store, versionOf } from './appending.ts';
import type { EngineSuite } from './engine-suite.ts';
import { readFeed, readStream } from './reading.ts';

export function testAppend({ itWithEngine }: EngineSuite): void {
  itWithEngine('gives versions 1, 2, 3, … in each stream', async ({ engine }) => {
    assert.equal(await versionOf(engine, 'a'), 0);
    assert.deepEqual(versions(await store(engine, { streamId: 'a' })), [1, 1]);
    assert.deepEqual(versions(await store(engine, { streamId: 'b', events: proposedSeries(3) })), [1, 3]);
    assert.deepEqual(versions(await store(engine, { streamId: 'a', events: proposedSeries(2) })), [2, 3]);
    assert.deepEqual([await versionOf(engine, 'a'), await versionOf(engine, 'b')], [3, 3]);
  });

  itWithEngine('gives positions 1, 2, 3, … over all streams, or none', async ({ engine }) => {
    const places = [
      await store(engine, { streamId: 'a', events: proposedSeries(2) }),
      await store(engine, { streamId: 'b' }),
      await store(engine, { streamId: 'a', events: proposedSeries(3) }),
    ];
    const expected = engine.capabilities.positionOnAppend ? [2, 3, 6] : [undefined, undefined, undefined];
    assert.deepEqual(
      places.map(({ position }) => position),
      expected,
    );
  });

  itWithEngine('names the stream in its answer', async ({ engine }) => {
    assert.equal((await store(engine, { streamId: 'a/b' })).streamId, 'a/b');
  });

  itWithEngine('takes the next version when that is expected', async ({ engine }) => {
    await store(engine, { streamId: 'a', expectedVersion: 1, events: proposedSeries(2) });
    const place = await store(engine, { streamId: 'a', expectedVersion: 3, events: proposedSeries(2) });
    assert.deepEqual(versions(place), [3, 4]);
  });

  itWithEngine('stores what it was given', async ({ engine }) => {
    const full = proposed({ type: 'Paid', data: 'QR==', id: 'id-1', metadata: '{"trace":"t","n":[1,null]}' });
    const bare = proposed({ type: 'Opened', data: '' });
    await store(engine, { streamId: 'a', events: [bare] });
    await store(engine, { streamId: 'a', events: [full] });
    for (const events of [await readStream(engine, { streamId: 'a' }), await readFeed(engine)]) {
      const [first, second] = events;
      assert.deepEqual(
        [first?.streamId, first?.version, first?.type, first?.data, first?.id, first?.metadata],
        ['a', 1, 'Opened', '', undefined, undefined],
      );
      assert.deepEqual(
        [second?.version, second?.type, second?.data, second?.id, second?.metadata],
        [2, 'Paid', 'QR==', 'id-1', { trace: 't', n: [1, null] }],
      );
    }
  });

  itWithEngine('is visible to every read once it is answered', async ({ engine }) => {
    for (let count = 1; count <= 10; count++) {
      await store(engine, { streamId: 'a' });
      assert.equal(await versionOf(engine, 'a'), count);
      assert.equal((await readStream(engine, { streamId: 'a', from: count })).length, 1);
      assert.equal((await readFeed(engine)).length, count);
    }
  });
}

function versions({ firstVersion, version }: { firstVersion: number; version: number }): readonly number[] {
  return [firstVersion, version];
}
