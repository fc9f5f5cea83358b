/** An append whose expected version is not the next one stores nothing and names the true version. */
import assert from 'node:assert/strict';
import type { StorageEngine } from '@event-store/core';
import { type AppendCall, append, proposed, proposedSeries, proposedWithIds, store, versionOf } from './appending.ts';
import type { EngineSuite } from './engine-suite.ts';
import { readFeed, readStream } from './reading.ts';

export function testConflicts({ itWithEngine }: EngineSuite): void {
  itWithEngine('a version that is taken', async ({ engine }) => {
    await store(engine, { streamId: 'a', events: proposedSeries(3) });
    for (const expectedVersion of [1, 2, 3]) await conflicts(engine, { streamId: 'a', expectedVersion }, 3);
  });

  itWithEngine('a version that would leave a gap', async ({ engine }) => {
    await conflicts(engine, { streamId: 'a', expectedVersion: 2 }, 0);
    await store(engine, { streamId: 'a' });
    await conflicts(engine, { streamId: 'a', expectedVersion: 3 }, 1);
    await conflicts(engine, { streamId: 'a', expectedVersion: Number.MAX_SAFE_INTEGER }, 1);
  });

  itWithEngine('the same append again without ids: nothing shows that it is a retry', async ({ engine }) => {
    await store(engine, { streamId: 'a', expectedVersion: 1 });
    await conflicts(engine, { streamId: 'a', expectedVersion: 1 }, 1);
  });

  itWithEngine('other ids, or ids where there are none', async ({ engine }) => {
    await store(engine, { streamId: 'a', expectedVersion: 1, events: proposedWithIds('one') });
    await store(engine, { streamId: 'a', expectedVersion: 2 });
    await conflicts(engine, { streamId: 'a', expectedVersion: 1, events: proposedWithIds('two') }, 2);
    await conflicts(engine, { streamId: 'a', expectedVersion: 1 }, 2);
    await conflicts(engine, { streamId: 'a', expectedVersion: 2, events: proposedWithIds('one') }, 2);
    await conflicts(engine, { streamId: 'a', expectedVersion: 2, events: proposedWithIds('two') }, 2);
  });

  itWithEngine('known ids behind a gap: the version comes first', async ({ engine }) => {
    await store(engine, { streamId: 'a', events: proposedWithIds('one') });
    await conflicts(engine, { streamId: 'a', expectedVersion: 3, events: proposedWithIds('one') }, 1);
  });

  itWithEngine('the same ids with other content', async ({ engine }) => {
    await store(engine, { streamId: 'a', expectedVersion: 1, events: [proposed({ id: 'one', data: 'AAAA' })] });
    const others = [
      proposed({ id: 'one', data: 'AAAB' }),
      proposed({ id: 'one', data: 'AAAA', type: 'Other' }),
      proposed({ id: 'one', data: 'AAAA', metadata: '{}' }),
    ];
    for (const event of others) {
      await conflicts(engine, { streamId: 'a', expectedVersion: 1, events: [event] }, 1);
    }
  });

  itWithEngine('a part, a superset or the middle of an earlier append', async ({ engine }) => {
    await store(engine, { streamId: 'a', expectedVersion: 1, events: proposedWithIds('one', 'two', 'three') });
    await store(engine, { streamId: 'a', expectedVersion: 4, events: proposedWithIds('four') });
    const parts = [
      { expectedVersion: 1, ids: ['one', 'two'] },
      { expectedVersion: 1, ids: ['one', 'two', 'three', 'four'] },
      { expectedVersion: 1, ids: ['one', 'two', 'three', 'four', 'five'] },
      { expectedVersion: 2, ids: ['two'] },
      { expectedVersion: 2, ids: ['two', 'three'] },
      { expectedVersion: 3, ids: ['three', 'four'] },
    ];
    for (const { expectedVersion, ids } of parts) {
      await conflicts(engine, { streamId: 'a', expectedVersion, events: proposedWithIds(...ids) }, 4);
    }
  });

  itWithEngine('other streams do not matter', async ({ engine }) => {
    await store(engine, { streamId: 'a', events: proposedSeries(5) });
    await conflicts(engine, { streamId: 'b', expectedVersion: 6 }, 0);
    await store(engine, { streamId: 'b', expectedVersion: 1 });
  });
}

/** Asserts that the append is refused with this version, and that it left nothing. */
async function conflicts(engine: StorageEngine, call: AppendCall, currentVersion: number): Promise<void> {
  const before = await readFeed(engine);
  const result = await append(engine, call);
  assert.deepEqual(result, { outcome: 'version-conflict', streamId: call.streamId, currentVersion });
  assert.equal(await versionOf(engine, call.streamId), currentVersion);
  assert.equal((await readStream(engine, { streamId: call.streamId })).length, currentVersion);
  assert.deepEqual(await readFeed(engine), before);
}
