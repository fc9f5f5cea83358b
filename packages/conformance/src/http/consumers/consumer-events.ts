/** Reading behind a stored checkpoint, in every form, and moving it. */
import assert from 'node:assert/strict';
import { expectProblem } from '../expect-problem.ts';
import { feedEnd, readFeed } from '../feed-reading.ts';
import type { HttpSuite } from '../http-suite.ts';
import { subscribe } from '../live/event-stream.ts';
import { sampleEvent, sampleEvents } from '../sample-events.ts';
import { expectLines, type StoreClient } from '../store-client.ts';
import { uniqueName } from '../unique-name.ts';
import { ConsumerClient } from './consumer-client.ts';

/** Longer than any test takes. */
const wait = 60;

export function testConsumerEvents(suite: HttpSuite): void {
  if (!suite.capabilities.feed) return;
  suite.describe('events of a consumer', () => testReading(suite));
  suite.describe('a checkpoint', () => testMoving(suite));
}

/** A stream with events, and a consumer that starts before them and wants them alone. */
async function streamAndConsumer(client: StoreClient, count: number) {
  const start = await feedEnd(client);
  const streamId = uniqueName('consumed');
  await client.append(streamId, sampleEvents(count));
  const consumer = new ConsumerClient(client);
  const { epoch } = await consumer.make({ start, streamPrefix: streamId });
  const positions = (await readFeed(client, { after: start, count, streamPrefix: streamId })).map(positionOf);
  return { start, streamId, consumer, epoch, positions };
}

function testReading(suite: HttpSuite): void {
  const { it, client } = suite;
  it('come from the checkpoint on, again and again until it moves', async () => {
    const { consumer, positions } = await streamAndConsumer(client, 5);
    for (let round = 0; round < 2; round++) {
      const { payload, pagination } = await consumer.page();
      assert.deepEqual(payload.map(positionOf), positions);
      assert.equal(pagination.caughtUp, true);
    }
    const first = await consumer.page({ limit: 2 });
    assert.deepEqual(first.payload.map(positionOf), positions.slice(0, 2));
    await consumer.move({ position: first.pagination.nextAfter });
    assert.deepEqual((await consumer.page()).payload.map(positionOf), positions.slice(2));
    await consumer.move({ position: positions[4] ?? 0 });
    assert.deepEqual((await consumer.page()).payload, []);
  });

  it('come as a page, as lines and live', async () => {
    const { streamId, consumer, epoch, positions } = await streamAndConsumer(client, 3);
    await consumer.move({ position: positions[0] ?? 0 });
    const page = await consumer.events();
    assert.equal(page.headers['consumer-epoch'], epoch);
    const lines = await consumer.events({}, { accept: 'application/x-ndjson' });
    assert.equal(lines.headers['consumer-epoch'], epoch);
    assert.deepEqual(expectLines<{ position: number }>(lines).map(positionOf), positions.slice(1));
    // An id of another connection says nothing: the checkpoint does.
    const headers = { 'last-event-id': `${positions[2]}` };
    const live = await subscribe(suite, `${consumer.path}/events`, { headers });
    assert.equal(live.response.headers['consumer-epoch'], epoch);
    assert.deepEqual((await live.untilEvents(2)).map(positionOf), positions.slice(1));
    await client.append(streamId, sampleEvent());
    const [, , last] = await live.untilEvents(3);
    assert.ok((last?.position ?? 0) > (positions[2] ?? 0));
    live.close();
    for (const path of [consumer.path, `${consumer.path}/events`, '/-/consumers']) {
      const head = await client.send({ method: 'HEAD', path });
      assert.deepEqual([head.status, head.text], [200, '']);
    }
  });

  it('are waited for', async () => {
    const { streamId, consumer, positions } = await streamAndConsumer(client, 1);
    await consumer.move({ position: positions[0] ?? 0 });
    const page = consumer.page({ wait });
    await client.append(uniqueName('other'), sampleEvent());
    await client.append(streamId, sampleEvent());
    assert.equal((await page).payload.length, 1);
  });

  it('are of the types that it has', async () => {
    const start = await feedEnd(client);
    const streamId = uniqueName('typed');
    await client.append(
      streamId,
      ['A', 'B', 'C', 'A'].map((type) => sampleEvent({ type })),
    );
    const consumer = new ConsumerClient(client);
    await consumer.make({ start, types: ['C', 'A'], streamPrefix: streamId });
    const { payload, pagination } = await consumer.page();
    assert.deepEqual(
      payload.map(({ type }) => type),
      ['A', 'C', 'A'],
    );
    assert.equal(pagination.nextAfter, start + 4);
  });
}

function testMoving({ it, client }: HttpSuite): void {
  it('never goes back unless asked', async () => {
    const { start, consumer, epoch, positions } = await streamAndConsumer(client, 3);
    const [first = 0, second = 0] = positions;
    await consumer.move({ position: second });
    assert.equal((await consumer.move({ position: second })).epoch, epoch);
    expectProblem(await consumer.post({ position: first }), 'checkpoint-conflict', { position: second, epoch });
    assert.equal((await consumer.show()).position, second);
    const { epoch: next } = await consumer.move({ position: start, reset: true });
    assert.notEqual(next, epoch);
    assert.deepEqual((await consumer.page()).payload.map(positionOf), positions);
  });

  it('is not moved by a reader of an epoch that is over', async () => {
    const { start, consumer, epoch, positions } = await streamAndConsumer(client, 3);
    const [first = 0, second = 0] = positions;
    await consumer.move({ position: second, epoch });
    const { epoch: next } = await consumer.move({ position: start, reset: true, epoch });
    for (const reset of [false, true]) {
      const late = await consumer.post({ position: second, epoch, reset });
      expectProblem(late, 'checkpoint-conflict', { position: start, epoch: next });
    }
    await consumer.move({ position: first, epoch: next });
    assert.equal((await consumer.show()).position, first);
  });

  it('ends at the furthest of many that move it at once', async () => {
    const { consumer, positions } = await streamAndConsumer(client, 30);
    const answers = await Promise.all(positions.map((position) => consumer.post({ position })));
    for (const answer of answers) if (answer.status !== 200) expectProblem(answer, 'checkpoint-conflict');
    assert.equal(answers.at(-1)?.status, 200);
    assert.equal((await consumer.show()).position, positions.at(-1));
  });
}

function positionOf({ position }: { position?: number }): number {
  return position ?? 0;
}
