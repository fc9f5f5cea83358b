/** Several readers of one consumer, each of its part of the streams: nothing is lost, no order is. */
import assert from 'node:assert/strict';
import { type RecordedEvent, slotOf, slotsOf } from '@event-store/core';
import { feedEnd } from '../feed-reading.ts';
import type { HttpSuite } from '../http-suite.ts';
import { numbersTo, sampleEvents } from '../sample-events.ts';
import type { StoreClient } from '../store-client.ts';
import { uniqueName } from '../unique-name.ts';
import { ConsumerClient } from './consumer-client.ts';

const streams = 24;
const eventsEach = 3;

export function testPartitions(suite: HttpSuite): void {
  if (!suite.capabilities.feed) return;
  suite.describe('partitions of a consumer', () => {
    testReadersOfParts(suite);
    testCheckpointsOfParts(suite);
  });
}

function testReadersOfParts({ it, client }: HttpSuite): void {
  it('have each stream in one of them, in its order', async () => {
    const consumer = await consumerOfStreams(client);
    for (const count of [1, 2, 3, 7, 64]) {
      const taken: RecordedEvent[] = [];
      for (const number of numbersTo(count)) {
        const { payload } = await consumer.page({ partition: `${number}/${count}`, limit: 1_000 });
        const { first, end } = slotsOf({ number, count });
        for (const { streamId } of payload) {
          const slot = slotOf(streamId);
          assert.ok(slot >= first && slot < end, `${streamId} is in partition ${number}/${count}`);
        }
        taken.push(...payload);
      }
      const versions = Map.groupBy(taken, ({ streamId }) => streamId);
      assert.equal(versions.size, streams);
      for (const events of versions.values()) {
        assert.deepEqual(
          events.map(({ version }) => version),
          numbersTo(eventsEach),
        );
      }
    }
  });

  it('have checkpoints of their own: a slow one loses nothing', async () => {
    const consumer = await consumerOfStreams(client);
    const slow = { partition: '1/2' };
    const quick = { partition: '2/2' };
    const [before, { pagination }] = [await consumer.page(slow), await consumer.page(quick)];
    await consumer.move({ position: pagination.nextAfter }, quick);
    assert.deepEqual((await consumer.page(quick)).payload, []);
    assert.deepEqual((await consumer.page(slow)).payload, before.payload);
    const [shown, ofSlow, ofQuick] = [await consumer.show(), await consumer.show(slow), await consumer.show(quick)];
    assert.equal(shown.position, ofSlow.position);
    assert.deepEqual(
      shown.checkpoints?.map(({ slots, position }) => [slots, position]),
      [
        [[0, 511], ofSlow.position],
        [[512, 1023], pagination.nextAfter],
      ],
    );
    assert.deepEqual([ofQuick.position, ofQuick.lagEvents], [pagination.nextAfter, 0]);
  });
}

function testCheckpointsOfParts({ it, client }: HttpSuite): void {
  it('can be another number later: what was acknowledged stays so, nothing else is taken to be', async () => {
    const consumer = await consumerOfStreams(client);
    const { pagination, payload } = await consumer.page({ partition: '2/4', limit: 1_000 });
    await consumer.move({ position: pagination.nextAfter }, { partition: '2/4' });
    const acknowledged = new Set(payload.map(({ position }) => position));
    const eighths = await positionsOf(consumer, 8);
    assert.equal(eighths.length, streams * eventsEach - acknowledged.size);
    assert.ok(eighths.every((position) => !acknowledged.has(position)));
    // Thirds start where the last of their slots is, so what is shared with others comes again.
    assert.equal((await positionsOf(consumer, 3)).length, streams * eventsEach);
    for (const number of numbersTo(3)) {
      await consumer.move({ position: pagination.nextAfter }, { partition: `${number}/3` });
    }
    assert.deepEqual(await positionsOf(consumer, 4), []);
    assert.deepEqual((await consumer.page()).payload, []);
    assert.equal((await consumer.show()).position, pagination.nextAfter);
  });

  it('are reset each for itself', async () => {
    const consumer = await consumerOfStreams(client);
    const { position: start } = await consumer.show();
    const { pagination } = await consumer.page({ limit: 1_000 });
    await consumer.move({ position: pagination.nextAfter });
    await consumer.move({ position: start, reset: true }, { partition: '3/4' });
    const { payload } = await consumer.page({ limit: 1_000, partition: '3/4' });
    assert.ok(payload.length > 0);
    for (const number of [1, 2, 4]) {
      assert.deepEqual((await consumer.page({ partition: `${number}/4` })).payload, []);
    }
  });

  it('move at once without losing a move', async () => {
    const consumer = await consumerOfStreams(client);
    const { pagination } = await consumer.page({ limit: 1_000 });
    const partitions = numbersTo(64).map((number) => `${number}/64`);
    await Promise.all(partitions.map((partition) => consumer.move({ position: pagination.nextAfter }, { partition })));
    assert.equal((await consumer.show()).position, pagination.nextAfter);
  });
}

/** A consumer of streams that are there in an order in which all of them are mixed. */
async function consumerOfStreams(client: StoreClient): Promise<ConsumerClient> {
  const start = await feedEnd(client);
  const prefix = uniqueName('shared');
  for (let version = 1; version <= eventsEach; version++) {
    await Promise.all(numbersTo(streams).map((number) => client.append(`${prefix}-${number}`, sampleEvents(1))));
  }
  const consumer = new ConsumerClient(client);
  await consumer.make({ start, streamPrefix: prefix });
  return consumer;
}

/** Everything that the readers of all partitions are still to get. */
async function positionsOf(consumer: ConsumerClient, count: number): Promise<readonly number[]> {
  const pages = await Promise.all(
    numbersTo(count).map((number) => consumer.page({ partition: `${number}/${count}`, limit: 1_000 })),
  );
  return pages.flatMap(({ payload }) => payload.map(({ position = 0 }) => position));
}
