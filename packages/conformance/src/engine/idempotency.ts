/** Retries with ids are answered with the first result, for ever; an id means one thing in its stream. */
import assert from 'node:assert/strict';
import type { StorageEngine } from '@event-store/core';
import {
  type AppendCall,
  append,
  placeOf,
  proposed,
  proposedSeries,
  proposedWithIds,
  store,
  versionOf,
} from './appending.ts';
import type { EngineSuite } from './engine-suite.ts';
import { readFeed } from './reading.ts';

export function testIdempotency({ itWithEngine }: EngineSuite): void {
  const calls: readonly (readonly [string, AppendCall])[] = [
    ['one event without version', { streamId: 'a', events: proposedWithIds('one') }],
    ['several events without version', { streamId: 'a', events: proposedWithIds('one', 'two', 'three') }],
    ['one event with version', { streamId: 'a', expectedVersion: 3, events: proposedWithIds('one') }],
    ['several events with version', { streamId: 'a', expectedVersion: 3, events: proposedWithIds('one', 'two') }],
    [
      'events with all there is',
      {
        streamId: 'a',
        events: [
          proposed({
            id: 'one',
            type: 'Zürich\u2028',
            data: 'QR==',
            metadata: '{"2":1,"b":"\\u2028é","__proto__":[]}',
          }),
          proposed({ id: 'two', metadata: '{}' }),
        ],
      },
    ],
  ];
  for (const [name, call] of calls) {
    itWithEngine(`a retry: ${name}`, async ({ engine }) => {
      await store(engine, { streamId: 'a', events: proposedSeries(2) });
      const first = await store(engine, call);
      await replays(engine, call, first);
      await store(engine, { streamId: 'a', events: proposedSeries(5) });
      await store(engine, { streamId: 'b', events: proposedWithIds('one', 'two') });
      await replays(engine, call, first);
    });
  }

  itWithEngine('a retry without version of what was stored with one, and the reverse', async ({ engine }) => {
    const events = proposedWithIds('one', 'two');
    const first = await store(engine, { streamId: 'a', expectedVersion: 1, events });
    await replays(engine, { streamId: 'a', events }, first);
    const others = proposedWithIds('three');
    const second = await store(engine, { streamId: 'a', events: others });
    await replays(engine, { streamId: 'a', expectedVersion: 3, events: others }, second);
  });

  itWithEngine('the same event without ids is another event', async ({ engine }) => {
    await store(engine, { streamId: 'a' });
    await store(engine, { streamId: 'a' });
    assert.equal(await versionOf(engine, 'a'), 2);
  });

  itWithEngine('an id means nothing in another stream', async ({ engine }) => {
    await store(engine, { streamId: 'a', events: proposedWithIds('one') });
    await store(engine, { streamId: 'b', events: proposedWithIds('two', 'one') });
    await store(engine, { streamId: 'c', expectedVersion: 1, events: proposedWithIds('one') });
    assert.equal((await readFeed(engine)).length, 4);
  });

  itWithEngine('ids that are names of objects in JavaScript', async ({ engine }) => {
    const events = proposedWithIds('__proto__', 'constructor', 'toString');
    const first = await store(engine, { streamId: '__proto__', events });
    await replays(engine, { streamId: '__proto__', events }, first);
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
      { ids: ['two', 'three'], eventId: 'two', index: 0 },
      { ids: ['three', 'four'], eventId: 'three', index: 0 },
      { ids: ['one', 'two', 'three', 'four'], eventId: 'one', index: 0 },
      { ids: ['four', 'new'], eventId: 'four', index: 0 },
      { ids: ['one', 'three', 'two'], eventId: 'one', index: 0 },
      { ids: ['one', 'new', 'three'], eventId: 'one', index: 0 },
      { ids: ['new', 'newer', 'four'], eventId: 'four', index: 2 },
    ];
    for (const { ids, ...reuse } of misuses) {
      await reuses(engine, { streamId: 'a', events: proposedWithIds(...ids) }, reuse);
    }
  });

  itWithEngine('a known id in an append at the next version', async ({ engine }) => {
    await store(engine, { streamId: 'a', events: proposedWithIds('one') });
    const reuse = { eventId: 'one', index: 0 };
    await reuses(engine, { streamId: 'a', expectedVersion: 2, events: proposedWithIds('one') }, reuse);
    const events = proposedWithIds('new', 'one');
    await reuses(engine, { streamId: 'a', expectedVersion: 2, events }, { eventId: 'one', index: 1 });
  });
}

/** Asserts that the append is answered with the first result, and that it left nothing. */
async function replays(engine: StorageEngine, call: AppendCall, first: object): Promise<void> {
  const before = await readFeed(engine);
  assert.deepEqual(placeOf(await append(engine, call), 'replayed'), first);
  assert.deepEqual(await readFeed(engine), before);
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
