/** Subscriptions to the feed, with and without filters. */
import assert from 'node:assert/strict';
import { feedEnd } from '../feed-reading.ts';
import type { HttpSuite } from '../http-suite.ts';
import { base64, numbersTo, sampleEvent, sampleEvents } from '../sample-events.ts';
import { uniqueName } from '../unique-name.ts';
import { subscribe } from './event-stream.ts';

export function testFeedSubscriptions(suite: HttpSuite): void {
  const { describe, it, client, capabilities } = suite;
  if (!capabilities.feed) return;
  describe('subscriptions to the feed', () => {
    it('bring what is stored and then what comes, as pages have it', async () => {
      const after = await feedEnd(client);
      await client.append(uniqueName('live'), sampleEvents(3));
      const subscription = await subscribe(suite, '/-/events', { query: { after } });
      assert.equal((await subscription.untilCaughtUp(after + 3)).data, `{"position":${after + 3}}`);
      await client.append(uniqueName('live'), sampleEvents(2));
      await client.append(uniqueName('live'), sampleEvent());
      const events = await subscription.untilEvents(6);
      assert.deepEqual(events, (await client.feedPage({ after })).payload);
      const cursors = subscription.messages.filter(({ event }) => event === undefined).map(({ id }) => id);
      assert.deepEqual(cursors, numbersTo(after + 6, after + 1));
      subscription.close();
    });

    it('bring everything from the beginning', async () => {
      await client.append(uniqueName('live'), sampleEvents(2));
      const end = await feedEnd(client);
      const subscription = await subscribe(suite, '/-/events');
      await subscription.untilCaughtUp(end);
      assert.deepEqual(
        subscription.events.map(({ position }) => position),
        numbersTo(end),
      );
      subscription.close();
    });

    it('bring appends of many writers to all in one order', async () => {
      const after = await feedEnd(client);
      const query = { after };
      const subscriptions = await Promise.all(numbersTo(5).map(() => subscribe(suite, '/-/events', { query })));
      const streams = numbersTo(10).map(() => uniqueName('live'));
      await Promise.all(
        streams.map(async (streamId) => {
          for (let count = 0; count < 10; count++) await client.append(streamId, sampleEvents(3));
        }),
      );
      for (const subscription of subscriptions) {
        const events = await subscription.untilEvents(300);
        assert.deepEqual(
          events.map(({ position }) => position),
          numbersTo(after + 300, after + 1),
        );
        subscription.close();
      }
    });

    testFilters(suite);
  });
}

function testFilters(suite: HttpSuite): void {
  const { it, client } = suite;

  it('bring only what passes the filter', async () => {
    const after = await feedEnd(client);
    const name = uniqueName('live');
    const [red, blue] = [`${name}-Red`, `${name}-Blue`];
    const path = `/-/events?after=${after}&type=${red}&type=${blue}&streamPrefix=${name}-a`;
    const subscription = await subscribe(suite, path);
    for (const [suffix, type] of [
      ['-a1', red],
      ['-b', red],
      ['-a2', 'Green'],
      ['-a2', blue],
      ['-c', 'Green'],
    ] as const) {
      await client.append(name + suffix, sampleEvent({ type }));
    }
    await subscription.untilCaughtUp(after + 5);
    assert.deepEqual(
      subscription.events.map(({ position }) => position),
      [after + 1, after + 4],
    );
    subscription.close();
  });

  it('move the cursor on although nothing passes', async () => {
    const after = await feedEnd(client);
    const subscription = await subscribe(suite, '/-/events', { query: { after, streamPrefix: uniqueName('nobody') } });
    await subscription.untilCaughtUp(after);
    for (let count = 1; count <= 3; count++) {
      await client.append(uniqueName('live'), sampleEvent());
      await subscription.untilCaughtUp(after + count);
    }
    assert.deepEqual(subscription.events, []);
    subscription.close();
  });

  it('move the cursor on through a long history in which nothing passes', async () => {
    const after = await feedEnd(client);
    const streamId = uniqueName('live');
    for (let count = 0; count < 3_000; count += 75)
      await client.append(streamId, sampleEvents(75, { data: base64(1_000) }));
    const subscription = await subscribe(suite, '/-/events', { query: { after, type: uniqueName('Nothing') } });
    await subscription.untilCaughtUp(after + 3_000);
    const cursors = subscription.messages.map(({ id }) => id);
    assert.deepEqual(
      cursors,
      cursors.toSorted((a, b) => a - b),
    );
    assert.ok(cursors.length > 1, 'also before the end');
    subscription.close();
  });
}
