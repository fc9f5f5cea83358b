/** An id means one thing in its stream: what uses it again for something else is refused, and stores nothing. */
import assert from 'node:assert/strict';
import type { StorageEngine } from '@event-store/core';
import { type AppendCall, append, proposedWithIds, store } from './appending.ts';
import type { EngineSuite } from './engine-suite.ts';
import { readFeed } from './reading.ts';

export function testReusedIds({ itWithEngine }: EngineSuite): void {
  itWithEngine('an id means nothing in another stream', async ({ engine }) => {
    await store(engine, { streamId: 'a', events: proposedWithIds('one') });
    await store(engine, { streamId: 'b', events: proposedWithIds('two', 'one') });
    await store(engine, { streamId: 'c', expectedVersion: 1, events: proposedWithIds('one') });
    assert.equal((await readFeed(engine)).length, 4);
  });

  itWithEngine('a known id with other content', async ({ engine }) => {
    await store(engine, { streamId: 'a', events: proposedWithIds('one', 'two', 'three') });
    for (const change of [{ data: 'AAAA' }, { type: 'Other' }, { metadata: '{}' }]) {
      const events = proposedWithIds('one', 'two', 'three').map((event, index) =>
        index === 0 ? event : { ...event, ...change },
      );
      await reuses(engine, { streamId: 'a', events }, { eventId: 'two', index: 1 });
    }
  });

  itWithEngine('known ids in part, with more, in another order or across appends', async ({ engine }) => {
    await store(engine, { streamId: 'a', events: proposedWithIds('one', 'two', 'three') });
    await store(engine, { streamId: 'a', events: proposedWithIds('four') });
    const misuses = [
      { ids: ['one', 'two'], eventId: 'one', index: 0 },
      { ids: ['one', 'two', 'three', 'four'], eventId: 'one', index: 0 },
      { ids: ['four', 'new'], eventId: 'four', index: 0 },
      { ids: ['one', 'three', 'two'], eventId: 'one', index: 0 },
      { ids: ['one', 'new', 'three'], eventId: 'one', index: 0 },
    ];
    const hidden = [
      { ids: ['two', 'three'], eventId: 'two', index: 0 },
      { ids: ['three', 'four'], eventId: 'three', index: 0 },
      { ids: ['new', 'newer', 'four'], eventId: 'four', index: 2 },
    ];
    for (const { ids, ...reuse } of engine.capabilities.noticesReusedIds ? [...misuses, ...hidden] : misuses) {
      await reuses(engine, { streamId: 'a', events: proposedWithIds(...ids) }, reuse);
    }
  });

  itWithEngine('a known id in an append at the next version', async ({ engine }) => {
    if (!engine.capabilities.noticesReusedIds) return;
    await store(engine, { streamId: 'a', events: proposedWithIds('one') });
    const reuse = { eventId: 'one', index: 0 };
    await reuses(engine, { streamId: 'a', expectedVersion: 2, events: proposedWithIds('one') }, reuse);
    const events = proposedWithIds('new', 'one');
    await reuses(engine, { streamId: 'a', expectedVersion: 2, events }, { eventId: 'one', index: 1 });
  });
}

/** Asserts that the append is refused for this id, and that it left nothing. */
async function reuses(
  engine: StorageEngine,
  call: AppendCall,
  reuse: { readonly eventId: string; readonly index: number },
): Promise<void> {
  const before = await readFeed(engine);
  const result = await append(engine, call);
  assert.deepEqual(result, { outcome: 'event-id-reused', streamId: call.streamId, ...reuse });
  assert.deepEqual(await readFeed(engine), before);
}
