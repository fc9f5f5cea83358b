/** Subscriptions to a stream: what is stored, then what comes, each event once and in order. */
import assert from 'node:assert/strict';
import type { HttpSuite } from '../http-suite.ts';
import { numbersTo, sampleEvent, sampleEvents, versionsOf } from '../sample-events.ts';
import { streamPath } from '../store-client.ts';
import { uniqueName } from '../unique-name.ts';
import { subscribe } from './event-stream.ts';

export function testStreamSubscriptions(suite: HttpSuite): void {
  suite.describe('subscriptions to a stream', () => {
    testHistoryAndLive(suite);
    testOffsets(suite);
    testContent(suite);
  });
}

function testHistoryAndLive(suite: HttpSuite): void {
  const { it, client } = suite;

  it('bring what is stored and then what comes, as pages have it', async () => {
    const streamId = uniqueName('live');
    await client.append(streamId, sampleEvents(3));
    const subscription = await subscribe(suite, streamPath(streamId));
    await subscription.untilCaughtUp(3);
    await client.append(streamId, sampleEvents(2));
    await client.append(streamId, sampleEvents(2));
    const events = await subscription.untilEvents(7);
    assert.deepEqual(events, (await client.streamPage(streamId)).payload);
    subscription.close();
  });

  it('tell the cursor with each event, and the version at the end', async () => {
    const streamId = uniqueName('live');
    await client.append(streamId, sampleEvents(2));
    const subscription = await subscribe(suite, streamPath(streamId));
    const { data } = await subscription.untilCaughtUp(2);
    assert.equal(data, '{"version":2}');
    assert.deepEqual(
      subscription.messages.map(({ event, id }) => [event, id]),
      [
        [undefined, 1],
        [undefined, 2],
        ['caught-up', 2],
      ],
    );
    await client.append(streamId, sampleEvent());
    await subscription.untilCaughtUp(3);
    subscription.close();
  });

  it('begin before there is a stream', async () => {
    const streamId = uniqueName('live');
    const subscription = await subscribe(suite, streamPath(streamId));
    assert.equal((await subscription.untilCaughtUp(0)).data, '{"version":0}');
    await client.append(streamId, sampleEvents(2));
    assert.deepEqual(versionsOf(await subscription.untilEvents(2)), [1, 2]);
    subscription.close();
  });

  it('say nothing where other streams grow', async () => {
    const streamId = uniqueName('live');
    const subscription = await subscribe(suite, streamPath(streamId));
    await subscription.untilCaughtUp(0);
    for (let count = 0; count < 5; count++) await client.append(uniqueName('other'), sampleEvent());
    await client.append(streamId, sampleEvent());
    await subscription.untilCaughtUp(1);
    assert.equal(subscription.messages.length, 3);
    subscription.close();
  });
}

function testOffsets(suite: HttpSuite): void {
  const { it, client } = suite;

  it('start at the offset, also past the end', async () => {
    const streamId = uniqueName('live');
    await client.append(streamId, sampleEvents(4));
    for (const [offset, first] of [
      [0, 1],
      [1, 1],
      [3, 3],
      [5, 5],
      [7, 7],
    ] as const) {
      const subscription = await subscribe(suite, streamPath(streamId), { query: { offset } });
      const { version } = await client.append(streamId, sampleEvents(8 - first > 4 ? 1 : 4));
      assert.deepEqual(
        versionsOf(await subscription.untilEvents(version - first + 1)),
        numbersTo(version, first),
        `${offset}`,
      );
      subscription.close();
    }
  });

  it('say past the end where the end is, and keep the cursor', async () => {
    const streamId = uniqueName('live');
    await client.append(streamId, sampleEvents(2));
    const subscription = await subscribe(suite, streamPath(streamId), { query: { offset: 9 } });
    assert.equal((await subscription.untilCaughtUp(8)).data, '{"version":2}');
    subscription.close();
  });
}

function testContent(suite: HttpSuite): void {
  const { it, client } = suite;

  it('bring long streams in order', async () => {
    const streamId = uniqueName('live');
    for (let count = 0; count < 2_000; count += 80) await client.append(streamId, sampleEvents(80));
    const subscription = await subscribe(suite, streamPath(streamId));
    await subscription.untilCaughtUp(2_000);
    assert.deepEqual(versionsOf(subscription.events), numbersTo(2_000));
    subscription.close();
  });

  it('bring the largest event', async () => {
    const streamId = uniqueName('live');
    const { eventBytesMax } = await client.limits();
    const subscription = await subscribe(suite, streamPath(streamId));
    const largest = sampleEvent({ data: Buffer.alloc(eventBytesMax, 'x').toString('base64') });
    for (const sent of [sampleEvent(), largest, largest, sampleEvent()]) await client.append(streamId, sent);
    const events = await subscription.untilEvents(4);
    assert.deepEqual(versionsOf(events), [1, 2, 3, 4]);
    assert.equal(events[2]?.data, largest.data);
    subscription.close();
  });

  it('are well-formed whatever an event holds', async () => {
    const breaks = '\n\r\u0085\u2028\u2029\v\f\ndata: x\n\nid: 7\n: ';
    const streamId = `${uniqueName('live')}\u2028,"version":9`;
    const sent = sampleEvent({
      type: '","version":8,"position":8\u2029data: ',
      metadata: { [breaks]: breaks, position: 7, version: 7, text: ',"position":7}' },
    });
    await client.append(streamId, [sent, sent]);
    const subscription = await subscribe(suite, streamPath(streamId));
    await subscription.untilCaughtUp(2);
    assert.deepEqual(subscription.events, (await client.streamPage(streamId)).payload);
    assert.deepEqual(
      subscription.messages.map(({ id }) => id),
      [1, 2, 2],
    );
    subscription.close();
  });

  it('are answered to HEAD by the same head, without a body', async () => {
    const headers = { accept: 'text/event-stream' };
    const answer = await client.send({ method: 'HEAD', path: streamPath(uniqueName('live')), headers });
    assert.equal(answer.status, 200);
    assert.match(answer.headers['content-type'] ?? '', /^text\/event-stream(;|$)/);
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal(answer.headers['x-accel-buffering'], 'no');
    assert.match(answer.headers.vary ?? '', /\bAccept\b/i);
  });
}
