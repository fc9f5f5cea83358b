/** The list of streams: in the order of UTF-8 bytes, complete, by prefix, in pages. */
import assert from 'node:assert/strict';
import type { StorageEngine } from '@event-store/core';
import { proposedSeries, refused, store } from './appending.ts';
import type { EngineSuite } from './engine-suite.ts';

/** In the order of UTF-8 bytes; UTF-16 would put U+E000 and U+FF5E behind the one beyond U+FFFF. */
const inOrder = [
  '!',
  '..a',
  'A',
  'CON',
  '__proto__',
  'a',
  'a ',
  'a/b',
  'aa',
  'b',
  'é',
  '\u2028',
  '\ue000',
  '\uff5e',
  '𐀀',
];

export function testListStreams({ itWithEngine }: EngineSuite): void {
  const itLists = (name: string, body: (engine: StorageEngine) => Promise<void>) =>
    itWithEngine(name, async ({ engine }) => {
      if (engine.capabilities.listsStreams) return body(engine);
      return refused(() => engine.listStreams({ prefix: '', after: '', limit: 10 }), 'not-supported');
    });

  itLists('an empty store has none', async (engine) => {
    assert.deepEqual(await engine.listStreams({ prefix: '', after: '', limit: 10 }), []);
  });

  itLists('each stream once, with its version, as soon as the append is answered', async (engine) => {
    await store(engine, { streamId: 'b', events: proposedSeries(3) });
    await store(engine, { streamId: 'a' });
    await store(engine, { streamId: 'b', events: proposedSeries(2) });
    assert.deepEqual(await engine.listStreams({ prefix: '', after: '', limit: 10 }), [
      { streamId: 'a', version: 1 },
      { streamId: 'b', version: 5 },
    ]);
  });

  itLists('in the order of UTF-8 bytes', async (engine) => {
    await storeAll(engine);
    assert.deepEqual(await list(engine, {}), inOrder);
  });

  itLists('behind an id, also one that does not exist', async (engine) => {
    await storeAll(engine);
    for (const [index, after] of inOrder.entries()) {
      assert.deepEqual(await list(engine, { after }), inOrder.slice(index + 1));
    }
    assert.deepEqual(await list(engine, { after: 'a!' }), inOrder.slice(inOrder.indexOf('a/b')));
    assert.deepEqual(await list(engine, { after: '𐀁' }), []);
  });

  itLists('limit: pages that go on from the last id show all, once', async (engine) => {
    await storeAll(engine);
    for (const limit of [1, 4, inOrder.length, inOrder.length + 1]) {
      const streamIds: string[] = [];
      for (;;) {
        const page = await list(engine, { after: streamIds.at(-1) ?? '', limit });
        if (page.length === 0) break;
        assert.ok(page.length <= limit);
        streamIds.push(...page);
      }
      assert.deepEqual(streamIds, inOrder);
    }
  });

  itLists('prefix: only ids that start with it', async (engine) => {
    await storeAll(engine);
    for (const prefix of ['a', 'a/', 'a/b', '', '𐀀', '\uff5e', 'nothing', 'Z']) {
      const matching = inOrder.filter((streamId) => streamId.startsWith(prefix));
      assert.deepEqual(await list(engine, { prefix }), matching);
      assert.deepEqual(await list(engine, { prefix, limit: 1 }), matching.slice(0, 1));
    }
    assert.deepEqual(await list(engine, { prefix: 'a', after: 'a/b' }), ['aa']);
    assert.deepEqual(await list(engine, { prefix: 'a', after: 'A' }), ['a', 'a ', 'a/b', 'aa']);
    assert.deepEqual(await list(engine, { prefix: 'a', after: 'b' }), []);
  });
}

async function storeAll(engine: StorageEngine): Promise<void> {
  for (const streamId of [...inOrder].reverse()) await store(engine, { streamId });
  await store(engine, { streamId: 'b' });
}

async function list(
  engine: StorageEngine,
  { prefix = '', after = '', limit = 100 }: { prefix?: string; after?: string; limit?: number },
): Promise<readonly string[]> {
  return (await engine.listStreams({ prefix, after, limit })).map(({ streamId }) => streamId);
}
