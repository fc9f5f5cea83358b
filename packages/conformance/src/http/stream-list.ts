/** The list of streams: their ids in the order of UTF-8 bytes, with their versions. */
import assert from 'node:assert/strict';
import { expectProblem } from './expect-problem.ts';
import type { HttpSuite } from './http-suite.ts';
import { sampleEvents } from './sample-events.ts';
import { type StoreClient, streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

export function testStreamList(suite: HttpSuite): void {
  const { describe, it, client, capabilities } = suite;
  describe('stream list', () => {
    if (!capabilities.listsStreams) {
      it('is not supported', async () => expectProblem(await client.get('/-/streams'), 'not-supported'));
      return;
    }
    testListed(suite);
    testListCursor(suite);
  });
}

function testListed({ it, client }: HttpSuite): void {
  it('has the streams with their versions', async () => {
    const prefix = uniqueName('list');
    await client.append(`${prefix}b`, sampleEvents(2));
    await client.append(`${prefix}a`, sampleEvents(3));
    await client.append(`${prefix}b`, sampleEvents(1));
    assert.deepEqual(await client.streamListPage({ prefix }), {
      pagination: { nextAfter: `${prefix}b` },
      payload: [
        { streamId: `${prefix}a`, version: 3 },
        { streamId: `${prefix}b`, version: 3 },
      ],
    });
  });

  it('is in the order of UTF-8 bytes, not of UTF-16 units', async () => {
    const prefix = uniqueName('list');
    const suffixes = ['', '!', '/', '0', 'A', 'Z', 'a', 'aa', 'é', '漢', '\uff5e', '😀'];
    await writeStreams(
      client,
      [...suffixes].reverse().map((suffix) => prefix + suffix),
    );
    const { payload } = await client.streamListPage({ prefix });
    assert.deepEqual(
      payload.map(({ streamId }) => streamId.slice(prefix.length)),
      suffixes,
    );
  });
}

function testListCursor({ it, client }: HttpSuite): void {
  it('is walked along nextAfter and meets every stream once', async () => {
    const prefix = uniqueName('list');
    const ids = ['a', 'b', 'c/d', 'c/e', 'f g', 'ü', '\uff5e', '😀'].map((suffix) => prefix + suffix);
    await writeStreams(client, ids);
    for (const limit of [1, 3, 1000]) assert.deepEqual(await walk(client, { prefix, limit }), ids);
  });

  it('goes on behind an id that need not exist', async () => {
    const prefix = uniqueName('list');
    await writeStreams(client, [`${prefix}a`, `${prefix}c`]);
    const { payload } = await client.streamListPage({ prefix, after: `${prefix}b` });
    assert.deepEqual(payload, [{ streamId: `${prefix}c`, version: 1 }]);
  });

  it('keeps its cursor at the end', async () => {
    const prefix = uniqueName('list');
    await writeStreams(client, [`${prefix}a`]);
    const page = await client.streamListPage({ prefix, after: `${prefix}a` });
    assert.deepEqual(page, { pagination: { nextAfter: `${prefix}a` }, payload: [] });
  });

  it('does not have streams that an append was refused for', async () => {
    const prefix = uniqueName('list');
    await client.post(streamPath(prefix, 2), sampleEvents(1));
    assert.deepEqual((await client.streamListPage({ prefix })).payload, []);
  });

  it('begins at the first stream where the request says nothing', async () => {
    await writeStreams(client, [uniqueName('list')]);
    const { payload } = await client.streamListPage({ limit: 1 });
    assert.equal(payload.length, 1);
    assert.deepEqual(await client.streamListPage({ limit: 1, prefix: '' }), await client.streamListPage({ limit: 1 }));
  });
}

async function writeStreams(client: StoreClient, ids: readonly string[]): Promise<void> {
  for (const id of ids) await client.append(id, sampleEvents(1));
}

async function walk(client: StoreClient, query: { prefix: string; limit: number }): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  for (;;) {
    const { pagination, payload } = await client.streamListPage({ ...query, after });
    if (payload.length === 0) return ids;
    assert.ok(payload.length <= query.limit);
    assert.ok(!ids.includes(payload[0]?.streamId ?? ''), 'the next page is further on');
    ids.push(...payload.map(({ streamId }) => streamId));
    after = pagination.nextAfter;
  }
}
