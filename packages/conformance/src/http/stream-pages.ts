/** Pages of a stream: a walk along `nextOffset` meets every event once, and polling goes on from there. */
import assert from 'node:assert/strict';
import type { RecordedEvent } from '@event-store/core';
import type { HttpSuite } from './http-suite.ts';
import { numbersTo, sampleEvents, versionsOf } from './sample-events.ts';
import { type Query, type StoreClient, streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

export function testStreamPages(suite: HttpSuite): void {
  suite.describe('stream pages', () => {
    testForward(suite);
    testBackward(suite);
    testMissingStream(suite);
  });
}

function testForward({ it, client }: HttpSuite): void {
  it('start at version 1 with a hundred events where the request says nothing', async () => {
    const streamId = await streamOf(client, 150);
    const { pagination, payload } = await client.streamPage(streamId);
    assert.ok(payload.length >= 1 && payload.length <= 100, 'the server may return fewer');
    assert.deepEqual(versionsOf(payload), numbersTo(payload.length));
    assert.deepEqual(pagination, { nextOffset: payload.length + 1 });
  });

  it('have exactly the members of the original answer', async () => {
    const page = await client.streamPage(await streamOf(client, 1));
    assert.deepEqual(Object.keys(page).sort(), ['pagination', 'payload']);
    assert.deepEqual(Object.keys(page.pagination), ['nextOffset']);
  });

  it('start at the offset and end at the limit', async () => {
    const streamId = await streamOf(client, 10);
    assert.deepEqual(versionsOf((await client.streamPage(streamId, { offset: 4, limit: 3 })).payload), [4, 5, 6]);
    assert.deepEqual((await client.streamPage(streamId, { offset: 4, limit: 3 })).pagination, { nextOffset: 7 });
    assert.deepEqual(versionsOf((await client.streamPage(streamId, { offset: 9, limit: 5 })).payload), [9, 10]);
    assert.deepEqual(
      await client.streamPage(streamId, { offset: 4, limit: 3, direction: 'forward' }),
      await client.streamPage(streamId, { offset: 4, limit: 3 }),
    );
  });

  it('at offset 0 start at version 1', async () => {
    const streamId = await streamOf(client, 3);
    assert.deepEqual(versionsOf((await client.streamPage(streamId, { offset: 0 })).payload), [1, 2, 3]);
  });

  for (const limit of [1, 2, 7, 1000]) {
    it(`meet every event once on a walk with limit=${limit}`, async () => {
      const streamId = await streamOf(client, 20);
      const { events, nextOffset } = await walk(client, streamId, { limit });
      assert.deepEqual(versionsOf(events), numbersTo(20));
      assert.equal(nextOffset, 21);
    });
  }

  it('past the end are empty and keep their offset, so that polling is trivial', async () => {
    const streamId = await streamOf(client, 3);
    for (const offset of [4, 5, 1_000_000, Number.MAX_SAFE_INTEGER]) {
      assert.deepEqual(await client.streamPage(streamId, { offset }), {
        pagination: { nextOffset: offset },
        payload: [],
      });
    }
    const { nextOffset } = (await client.streamPage(streamId)).pagination;
    await client.append(streamId, sampleEvents(2));
    assert.deepEqual(versionsOf((await client.streamPage(streamId, { offset: nextOffset })).payload), [4, 5]);
  });
}

function testBackward({ it, client }: HttpSuite): void {
  it('backward start at the head', async () => {
    const streamId = await streamOf(client, 5);
    const { pagination, payload } = await client.streamPage(streamId, { direction: 'backward', limit: 2 });
    assert.deepEqual(versionsOf(payload), [5, 4]);
    assert.deepEqual(pagination, { nextOffset: 3 });
  });

  it('backward start at the newest version wanted', async () => {
    const streamId = await streamOf(client, 5);
    const { payload } = await client.streamPage(streamId, { direction: 'backward', offset: 3 });
    assert.deepEqual(versionsOf(payload), [3, 2, 1]);
  });

  it('backward past the head start at the head', async () => {
    const streamId = await streamOf(client, 3);
    const { payload } = await client.streamPage(streamId, { direction: 'backward', offset: 99 });
    assert.deepEqual(versionsOf(payload), [3, 2, 1]);
  });

  it('backward hold the same events as forward', async () => {
    const streamId = await streamOf(client, 5);
    const forward = await client.streamPage(streamId);
    const backward = await client.streamPage(streamId, { direction: 'backward' });
    assert.deepEqual([...backward.payload].reverse(), forward.payload);
  });

  it('backward end at nextOffset 0, where there is nothing', async () => {
    const streamId = await streamOf(client, 2);
    const { pagination } = await client.streamPage(streamId, { direction: 'backward' });
    assert.deepEqual(pagination, { nextOffset: 0 });
    const beyond = await client.streamPage(streamId, { direction: 'backward', offset: 0 });
    assert.deepEqual(beyond, { pagination: { nextOffset: 0 }, payload: [] });
  });

  for (const limit of [1, 3, 1000]) {
    it(`backward meet every event once on a walk with limit=${limit}`, async () => {
      const streamId = await streamOf(client, 10);
      const { events, nextOffset } = await walk(client, streamId, { limit, direction: 'backward' });
      assert.deepEqual(versionsOf(events).reverse(), numbersTo(10));
      assert.equal(nextOffset, 0);
    });
  }
}

function testMissingStream({ it, client }: HttpSuite): void {
  it('of a stream that nobody wrote to are empty', async () => {
    const streamId = uniqueName('missing');
    assert.deepEqual(await client.streamPage(streamId), { pagination: { nextOffset: 1 }, payload: [] });
    assert.deepEqual(await client.streamPage(streamId, { offset: 7 }), { pagination: { nextOffset: 7 }, payload: [] });
    const backward = await client.streamPage(streamId, { direction: 'backward' });
    assert.deepEqual(backward, { pagination: { nextOffset: 0 }, payload: [] });
  });

  it('say that they depend on Accept and must not be kept', async () => {
    const { headers } = await client.get(streamPath(uniqueName('missing')));
    assert.match(headers.vary ?? '', /\bAccept\b/i);
    assert.equal(headers['cache-control'], 'no-store');
  });
}

async function streamOf(client: StoreClient, count: number): Promise<string> {
  const streamId = uniqueName('pages');
  await client.append(streamId, sampleEvents(Math.min(count, 98)));
  if (count > 98) await client.append(streamId, sampleEvents(count - 98));
  return streamId;
}

/** More than any stream of these tests has. */
const eventsMax = 1_000;

/** Follows `nextOffset` until a page is empty. */
async function walk(
  client: StoreClient,
  streamId: string,
  query: Query,
): Promise<{ events: RecordedEvent[]; nextOffset: number }> {
  const events: RecordedEvent[] = [];
  let page = await client.streamPage(streamId, query);
  while (page.payload.length > 0) {
    events.push(...page.payload);
    assert.ok(events.length <= eventsMax, 'the walk comes to an end');
    page = await client.streamPage(streamId, { ...query, offset: page.pagination.nextOffset });
  }
  return { events, nextOffset: page.pagination.nextOffset };
}
