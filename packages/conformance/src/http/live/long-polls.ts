/** `wait` on pages: at once if there is something, otherwise when something comes, otherwise empty in time. */
import assert from 'node:assert/strict';
import { expectProblem } from '../expect-problem.ts';
import { feedEnd } from '../feed-reading.ts';
import type { HttpSuite } from '../http-suite.ts';
import { sampleEvent, sampleEvents, versionsOf } from '../sample-events.ts';
import { streamPath } from '../store-client.ts';
import { uniqueName } from '../unique-name.ts';

/** Longer than any test takes: an answer that comes was not one to the end of the time. */
const wait = 60;

export function testLongPolls(suite: HttpSuite): void {
  const { describe, it, client, capabilities } = suite;
  describe('pages that are waited for', () => {
    it('of a stream come at once if there is something', async () => {
      const streamId = uniqueName('wait');
      await client.append(streamId, sampleEvents(3));
      const { payload } = await client.streamPage(streamId, { offset: 2, wait });
      assert.deepEqual(versionsOf(payload), [2, 3]);
    });

    it('of a stream come when something comes', async () => {
      const streamId = uniqueName('wait');
      for (let offset = 1; offset <= 20; offset++) {
        const page = client.streamPage(streamId, { offset, wait });
        await client.append(uniqueName('other'), sampleEvent());
        await client.append(streamId, sampleEvent());
        assert.deepEqual(versionsOf((await page).payload), [offset]);
        assert.equal((await page).pagination.nextOffset, offset + 1);
      }
    });

    it('come empty at the end of the time', async () => {
      const streamId = uniqueName('wait');
      await client.append(streamId, sampleEvent());
      const page = await client.streamPage(streamId, { offset: 2, wait: 1 });
      assert.deepEqual(page, { pagination: { nextOffset: 2 }, payload: [] });
      assert.deepEqual((await client.streamPage(streamId, { offset: 2, wait: 0 })).payload, []);
    });

    it('take whole seconds from 0 to 60, and pages forward', async () => {
      const path = streamPath(uniqueName('wait'));
      for (const value of ['61', '-1', '0.5', 'x', '']) {
        expectProblem(await client.get(`${path}?wait=${value}`), 'invalid-parameter', { name: 'wait' });
      }
      expectProblem(await client.get(`${path}?wait=1&direction=backward`), 'invalid-parameter', { name: 'wait' });
      for (const accept of ['application/x-ndjson', 'text/event-stream']) {
        expectProblem(await client.get(`${path}?wait=1`, {}, { accept }), 'invalid-parameter', { name: 'wait' });
      }
      const { status } = await client.send({ method: 'HEAD', path: `${path}?wait=60` });
      assert.equal(status, 200, 'HEAD does not wait');
    });

    if (capabilities.feed) testFeedPages(suite);
  });
}

function testFeedPages({ it, client }: HttpSuite): void {
  it('of the feed come at once if there is something', async () => {
    const after = await feedEnd(client);
    await client.append(uniqueName('wait'), sampleEvents(2));
    const { payload } = await client.feedPage({ after, wait });
    assert.equal(payload.length, 2);
  });

  it('of the feed come when something comes, and miss nothing', async () => {
    const after = await feedEnd(client);
    for (let count = 0; count < 20; count++) {
      const page = client.feedPage({ after: after + count, wait });
      await client.append(uniqueName('wait'), sampleEvent());
      assert.deepEqual((await page).pagination, { nextAfter: after + count + 1, caughtUp: true });
      assert.equal((await page).payload.length, 1);
    }
  });

  it('of a filtered feed come when something comes that passes', async () => {
    const after = await feedEnd(client);
    const streamPrefix = uniqueName('wait');
    const page = client.feedPage({ after, streamPrefix, wait });
    for (let count = 0; count < 5; count++) await client.append(uniqueName('other'), sampleEvent());
    await client.append(streamPrefix, sampleEvent());
    assert.deepEqual((await page).pagination, { nextAfter: after + 6, caughtUp: true });
    assert.equal((await page).payload.length, 1);
  });

  it('of a filtered feed move the cursor on when nothing passes in time', async () => {
    const after = await feedEnd(client);
    const page = client.feedPage({ after, streamPrefix: uniqueName('nobody'), wait: 1 });
    await client.append(uniqueName('other'), sampleEvents(3));
    assert.deepEqual(await page, { pagination: { nextAfter: after + 3, caughtUp: true }, payload: [] });
  });

  it('refuse a cursor that is ahead at once', async () => {
    const after = (await feedEnd(client)) + 1;
    expectProblem(await client.get('/-/events', { after, wait }), 'cursor-ahead');
  });
}
