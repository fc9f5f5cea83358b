/** Retries with ids are answered with the first result, for ever, and store nothing. */
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

export function testRetries({ itWithEngine }: EngineSuite): void {
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
    if (!engine.capabilities.noticesReusedIds) return;
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

  itWithEngine('ids that are names of objects in JavaScript', async ({ engine }) => {
    const events = proposedWithIds('__proto__', 'constructor', 'toString');
    const first = await store(engine, { streamId: '__proto__', events });
    await replays(engine, { streamId: '__proto__', events }, first);
  });
}

/** Asserts that the append is answered with the first result, and that it left nothing. */
async function replays(engine: StorageEngine, call: AppendCall, first: object): Promise<void> {
  const before = await readFeed(engine);
  assert.deepEqual(placeOf(await append(engine, call), 'replayed'), first);
  assert.deepEqual(await readFeed(engine), before);
}
