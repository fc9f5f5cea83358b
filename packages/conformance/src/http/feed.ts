/** Pages of the feed: every event of every stream in one order, and a cursor that never skips. */
import assert from 'node:assert/strict';
import { expectProblem } from './expect-problem.ts';
import { feedEnd, readFeed } from './feed-reading.ts';
import type { HttpSuite } from './http-suite.ts';
import { numbersTo, sampleEvent, sampleEvents, versionsOf } from './sample-events.ts';
import { expectLines, streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

export function testFeed(suite: HttpSuite): void {
  const { describe, it, client, capabilities } = suite;
  describe('feed', () => {
    if (!capabilities.feed) {
      it('is not supported', async () => expectProblem(await client.get('/-/events'), 'not-supported'));
      return;
    }
    testOrder(suite);
    testCursor(suite);
    testFeedLines(suite);
  });
}

function testOrder({ it, client }: HttpSuite): void {
  it('has the events of all streams in the order of their positions', async () => {
    const after = await feedEnd(client);
    const [a, b] = [uniqueName('feed'), uniqueName('feed')];
    await client.append(a, sampleEvents(2));
    await client.append(b, sampleEvents(3));
    await client.append(a, sampleEvent());
    const events = (await readFeed(client, { after, count: 6 })).filter(({ streamId }) => [a, b].includes(streamId));
    assert.deepEqual(versionsOf(events.filter(({ streamId }) => streamId === a)), [1, 2, 3]);
    assert.deepEqual(versionsOf(events.filter(({ streamId }) => streamId === b)), [1, 2, 3]);
    const positions = events.map(({ position = 0 }) => position);
    assert.deepEqual(positions, numbersTo(after + 6, after + 1));
  });

  it('has the same events as the stream', async () => {
    const after = await feedEnd(client);
    const streamId = uniqueName('feed');
    await client.append(streamId, sampleEvents(3));
    const [fromFeed, { payload }] = [await readFeed(client, { after, count: 3 }), await client.streamPage(streamId)];
    assert.deepEqual(
      fromFeed,
      payload.map((event, index) => ({ ...event, position: after + 1 + index })),
    );
  });

  it('has nothing of an append that was refused', async () => {
    const after = await feedEnd(client);
    const streamId = uniqueName('feed');
    await client.post(streamPath(streamId, 2), sampleEvent());
    await client.post(streamPath(streamId), [sampleEvent(), sampleEvent({ data: '***' })]);
    await client.append(streamId, sampleEvent());
    const events = await readFeed(client, { after, count: 1 });
    assert.deepEqual(versionsOf(events), [1]);
  });

  it('shows an append as a whole', async () => {
    const after = await feedEnd(client);
    const streamId = uniqueName('feed');
    const appends = numbersTo(10).map(() => client.append(streamId, sampleEvents(7)));
    const pages = await Promise.all(numbersTo(20).map(() => client.feedPage({ after })));
    await Promise.all(appends);
    for (const { payload } of pages) assert.equal(payload.length % 7, 0);
  });
}

function testCursor({ it, client }: HttpSuite): void {
  it('begins at position 1 where the request says nothing', async () => {
    await client.append(uniqueName('feed'), sampleEvent());
    await readFeed(client, { after: 0, count: 1 });
    const { payload, pagination } = await client.feedPage();
    assert.ok(payload.length >= 1 && payload.length <= 100);
    assert.deepEqual(
      payload.map(({ position }) => position),
      numbersTo(payload.length),
    );
    assert.equal(pagination.nextAfter, payload.length);
    assert.deepEqual(await client.feedPage({ after: 0 }), { payload, pagination });
  });

  it('says on each page how far it looked and whether that was the end', async () => {
    const after = await feedEnd(client);
    await client.append(uniqueName('feed'), sampleEvents(3));
    await readFeed(client, { after, count: 3 });
    const first = await client.feedPage({ after, limit: 2 });
    assert.deepEqual([first.payload.length, first.pagination], [2, { nextAfter: after + 2, caughtUp: false }]);
    const last = await client.feedPage({ after: after + 2, limit: 2 });
    assert.deepEqual([last.payload.length, last.pagination], [1, { nextAfter: after + 3, caughtUp: true }]);
    const exact = await client.feedPage({ after, limit: 3 });
    assert.deepEqual([exact.payload.length, exact.pagination], [3, { nextAfter: after + 3, caughtUp: true }]);
  });

  it('is empty at the end and keeps the cursor', async () => {
    const after = await feedEnd(client);
    const page = await client.feedPage({ after });
    assert.deepEqual(page, { pagination: { nextAfter: after, caughtUp: true }, payload: [] });
  });

  it('past its end is cursor-ahead, in every form', async () => {
    const end = await feedEnd(client);
    for (const after of [end + 1, end + 1000, Number.MAX_SAFE_INTEGER]) {
      expectProblem(await client.get('/-/events', { after }), 'cursor-ahead');
      const headers = { accept: 'application/x-ndjson' };
      expectProblem(await client.get('/-/events', { after }, headers), 'cursor-ahead');
    }
  });
}

function testFeedLines({ it, client }: HttpSuite): void {
  it('as NDJSON is all of it, one event a line, the same as the pages', async () => {
    const after = await feedEnd(client);
    await client.append(uniqueName('feed'), sampleEvents(90));
    await client.append(uniqueName('feed'), sampleEvents(60));
    const events = await readFeed(client, { after, count: 150, limit: 40 });
    const answer = await client.get('/-/events', { after }, { accept: 'application/x-ndjson' });
    assert.deepEqual(expectLines(answer), events);
  });

  it('as NDJSON is empty at the end', async () => {
    const after = await feedEnd(client);
    const answer = await client.get('/-/events', { after }, { accept: 'application/x-ndjson' });
    assert.deepEqual(expectLines(answer), []);
  });
}
