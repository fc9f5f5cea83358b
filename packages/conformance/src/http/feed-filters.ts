/** Filters of the feed: exactly the events that match, and a cursor that moves over the others. */
import assert from 'node:assert/strict';
import { limits, type RecordedEvent } from '@event-store/core';
import { expectProblem } from './expect-problem.ts';
import { feedEnd, readFeed } from './feed-reading.ts';
import type { HttpSuite } from './http-suite.ts';
import { numbersTo, sampleEvent, sampleEvents, versionsOf } from './sample-events.ts';
import { expectLines, type StoreClient } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

export function testFeedFilters(suite: HttpSuite): void {
  if (!suite.capabilities.feed) return;
  suite.describe('feed filters', () => {
    testEachFilter(suite);
    testFilteredCursor(suite);
  });
}

/** Three streams with two types each, and what makes them this test's own. */
interface Written {
  readonly after: number;
  readonly name: string;
  readonly red: string;
  readonly blue: string;
}

async function write(client: StoreClient): Promise<Written> {
  const after = await feedEnd(client);
  const name = uniqueName('filter');
  const [red, blue] = [`${name}-Red`, `${name}-Blue`];
  for (const suffix of ['/a/1', '/a/2', '/b']) {
    await client.append(name + suffix, [sampleEvent({ type: red }), sampleEvent({ type: blue })]);
  }
  await readFeed(client, { after, count: 6 });
  return { after, name, red, blue };
}

function testEachFilter({ it, client }: HttpSuite): void {
  it('by type', async () => {
    const { after, name, red } = await write(client);
    const events = await readFeed(client, { after, count: 3, type: red });
    assert.deepEqual(places(events, name), ['/a/1 1', '/a/2 1', '/b 1']);
  });

  it('by several types', async () => {
    const { after, name, red, blue } = await write(client);
    await client.append(name, sampleEvent({ type: `${name}-Green` }));
    const path = `/-/events?after=${after}&type=${red}&type=${blue}`;
    const answer = await client.get(path, {}, { accept: 'application/x-ndjson' });
    assert.equal(expectLines(answer).length, 6);
  });

  it('by as many types as there may be, each of them as often as it likes', async () => {
    const types = Array.from({ length: limits.filterTypesMax }, (_, index) => `type=${index}`).join('&');
    assert.equal((await client.get(`/-/events?${types}&${types}`)).status, 200);
    expectProblem(await client.get(`/-/events?${types}&type=x`), 'invalid-parameter', { name: 'type' });
  });

  it('by type only when it is the whole type', async () => {
    const { after, red } = await write(client);
    for (const type of [red.slice(0, -1), `${red}x`, red.toLowerCase(), `${red}%`]) {
      assert.deepEqual((await client.feedPage({ after, type })).payload, [], type);
    }
  });

  it('by stream prefix', async () => {
    const { after, name } = await write(client);
    const events = await readFeed(client, { after, count: 4, streamPrefix: `${name}/a/` });
    assert.deepEqual(places(events, name), ['/a/1 1', '/a/1 2', '/a/2 1', '/a/2 2']);
  });

  it('by both', async () => {
    const { after, name, blue } = await write(client);
    const events = await readFeed(client, { after, count: 2, streamPrefix: `${name}/a/`, type: blue });
    assert.deepEqual(places(events, name), ['/a/1 2', '/a/2 2']);
  });

  it('by text that must be escaped in JSON and in a URL', async () => {
    const after = await feedEnd(client);
    const name = `${uniqueName('filter')} "ü\\/`;
    await client.append(`${name}?&#`, sampleEvent({ type: `${name}+%` }));
    await client.append('filter-other', sampleEvent());
    await readFeed(client, { after, count: 2 });
    assert.equal((await client.feedPage({ after, type: `${name}+%` })).payload.length, 1);
    assert.equal((await client.feedPage({ after, streamPrefix: name })).payload.length, 1);
  });

  it('look at the type and at the stream id, not at text that looks like one', async () => {
    const { after, name, red } = await write(client);
    const metadata = { type: red, streamId: `${name}/a/`, text: `"type":"${red}"` };
    await client.append(`x-${name}/a/1`, sampleEvent({ type: 'Other', metadata }));
    await readFeed(client, { after, count: 7 });
    assert.equal((await client.feedPage({ after, type: red })).payload.length, 3);
    assert.equal((await client.feedPage({ after, streamPrefix: `${name}/a/` })).payload.length, 4);
  });

  it('as NDJSON give the same events as pages', async () => {
    const { after, name, red } = await write(client);
    for (const query of [{ type: red }, { streamPrefix: `${name}/a/` }, { type: red, streamPrefix: `${name}/b` }]) {
      const { payload } = await client.feedPage({ after, ...query });
      const answer = await client.get('/-/events', { after, ...query }, { accept: 'application/x-ndjson' });
      assert.ok(payload.length > 0);
      assert.deepEqual(expectLines(answer), payload);
    }
  });
}

function testFilteredCursor({ it, client }: HttpSuite): void {
  it('that nothing passes still move the cursor to the end', async () => {
    const { after, name } = await write(client);
    const page = await client.feedPage({ after, type: `${name}-Green` });
    assert.deepEqual(page, { pagination: { nextAfter: after + 6, caughtUp: true }, payload: [] });
  });

  it('end a page at the limit, with the cursor behind its last event', async () => {
    const { after, red } = await write(client);
    const first = await client.feedPage({ after, type: red, limit: 1 });
    assert.deepEqual(first.pagination, { nextAfter: after + 1, caughtUp: false });
    const second = await client.feedPage({ after: after + 1, type: red, limit: 1 });
    assert.deepEqual(second.pagination, { nextAfter: after + 3, caughtUp: false });
  });

  it('meet every matching event once, whatever the limit', async () => {
    const after = await feedEnd(client);
    const streamId = uniqueName('filter');
    for (const count of [3, 4, 5]) {
      await client.append(streamId, sampleEvents(count));
      await client.append(uniqueName('other'), sampleEvents(2));
    }
    for (const limit of [1, 2, 5, 1000]) {
      const events = await readFeed(client, { after, count: 12, limit, streamPrefix: streamId });
      assert.deepEqual(versionsOf(events), numbersTo(12));
    }
  });

  it('change nothing about a cursor that is ahead', async () => {
    const after = (await feedEnd(client)) + 1;
    const { status } = await client.get('/-/events', { after, type: 'T' });
    assert.equal(status, 400);
  });
}

function places(events: readonly RecordedEvent[], name: string): string[] {
  return events.map(({ streamId, version }) => `${streamId.slice(name.length)} ${version}`);
}
