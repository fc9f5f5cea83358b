/** Filtered reads of the feed: exactly the matching events, and a cursor that never skips one. */
import assert from 'node:assert/strict';
import { type FeedFilter, type RecordedEvent, type StorageEngine, slotOf, slotsOf } from '@event-store/core';
import { proposed, store } from './appending.ts';
import type { EngineSuite } from './engine-suite.ts';
import { eventsOf, feedBatches, feedPositions, readFeed } from './reading.ts';

const filters: readonly (readonly [string, FeedFilter, (event: RecordedEvent) => boolean])[] = [
  ['nothing given', {}, () => true],
  ['one type', { types: new Set(['Opened']) }, ({ type }) => type === 'Opened'],
  ['two types', { types: new Set(['Opened', 'Closed "x"']) }, ({ type }) => type === 'Opened' || type === 'Closed "x"'],
  ['a type that begins another', { types: new Set(['Open']) }, ({ type }) => type === 'Open'],
  ['a type with a line break', { types: new Set(['Tab\u2028']) }, ({ type }) => type === 'Tab\u2028'],
  ['a type outside ASCII', { types: new Set(['Zürich 𐀀']) }, ({ type }) => type === 'Zürich 𐀀'],
  ['a type that no event has', { types: new Set(['Nothing']) }, () => false],
  ['no type', { types: new Set<string>() }, () => false],
  ['a prefix', { streamPrefix: 'account-' }, ({ streamId }) => streamId.startsWith('account-')],
  ['a whole stream id', { streamPrefix: 'account-1' }, ({ streamId }) => streamId.startsWith('account-1')],
  ['a prefix with a quote', { streamPrefix: 'a"' }, ({ streamId }) => streamId.startsWith('a"')],
  ['a prefix outside ASCII', { streamPrefix: 'é' }, ({ streamId }) => streamId.startsWith('é')],
  ['a prefix that no stream has', { streamPrefix: 'b' }, () => false],
  ['the empty prefix', { streamPrefix: '' }, () => true],
  [
    'type and prefix',
    { types: new Set(['Opened']), streamPrefix: 'account-1' },
    ({ type, streamId }) => type === 'Opened' && streamId.startsWith('account-1'),
  ],
  [
    'the first half of all slots',
    { slots: slotsOf({ number: 1, count: 2 }) },
    ({ streamId }) => slotOf(streamId) < 512,
  ],
  [
    'the other half of them, type and prefix',
    { slots: slotsOf({ number: 2, count: 2 }), types: new Set(['Opened', 'Open']), streamPrefix: 'a' },
    ({ type, streamId }) => type.startsWith('Open') && streamId.startsWith('a') && slotOf(streamId) >= 512,
  ],
  ['no slot', { slots: { first: 7, end: 7 } }, () => false],
];

export function testFeedFilters({ itWithEngine }: EngineSuite): void {
  for (const [name, filter, passes] of filters) {
    itWithEngine(name, async ({ engine }) => {
      await storeMany(engine);
      const all = await readFeed(engine);
      const expected = all.filter(passes).map(({ position }) => position ?? 0);
      assert.deepEqual(await feedPositions(engine, { filter }), expected);
      for (const after of [1, 7, all.length - 1, all.length]) {
        const behind = expected.filter((position) => position > after);
        assert.deepEqual(await feedPositions(engine, { filter, after }), behind);
      }
      for (const limit of [1, 3]) assert.deepEqual(await inPages(engine, { filter, limit }), expected);
    });
  }

  itWithEngine('a filter sees the event, not text that looks like it', async ({ engine }) => {
    const lookalike = proposed({ type: 'Other', metadata: '{"type":"Opened","streamId":"account-1"}' });
    await store(engine, { streamId: 'x","type":"Opened', events: [lookalike] });
    await store(engine, { streamId: 'account-1', events: [proposed({ type: 'Opened' })] });
    assert.deepEqual(await feedPositions(engine, { filter: { types: new Set(['Opened']) } }), [2]);
    assert.deepEqual(await feedPositions(engine, { filter: { streamPrefix: 'account-1' } }), [2]);
  });
}

async function inPages(
  engine: StorageEngine,
  { filter, limit }: { filter: FeedFilter; limit: number },
): Promise<readonly number[]> {
  const positions: number[] = [];
  let after = 0;
  for (;;) {
    const batches = await feedBatches(engine, { after, filter, limit });
    const events = eventsOf(batches);
    assert.ok(events.length <= limit, 'a page is not longer than its limit');
    positions.push(...events.map(({ position }) => position ?? 0));
    const last = batches.at(-1);
    assert.ok(last !== undefined);
    if (last.caughtUp) return positions;
    assert.ok(last.through > after, 'a page that is not the last makes progress');
    after = last.through;
  }
}

async function storeMany(engine: StorageEngine): Promise<void> {
  const streamIds = ['account-1', 'account-10', 'account-2', 'a"', 'é', 'Account-1'];
  const types = ['Opened', 'Open', 'Closed "x"', 'Zürich 𐀀', 'Tab\u2028'];
  for (const streamId of streamIds) {
    const events = types.map((type) => proposed({ type }));
    await store(engine, { streamId, events: events.slice(0, 2) });
    await store(engine, { streamId, events: events.slice(2) });
  }
}
