/** Durable consumers are made once, shown, listed and removed. */
import assert from 'node:assert/strict';
import type { ConsumerListPage } from '@event-store/core';
import { expectProblem } from '../expect-problem.ts';
import { feedEnd } from '../feed-reading.ts';
import type { HttpSuite } from '../http-suite.ts';
import { sampleEvent, sampleEvents } from '../sample-events.ts';
import { expectJson } from '../store-client.ts';
import { uniqueName } from '../unique-name.ts';
import { ConsumerClient } from './consumer-client.ts';

export function testConsumerDefinitions(suite: HttpSuite): void {
  suite.describe('consumers', () => {
    if (suite.capabilities.feed) {
      testMaking(suite);
      testShowing(suite);
      testRemoving(suite);
    } else {
      testAbsence(suite);
    }
  });
}

function testAbsence({ it, client }: HttpSuite): void {
  it('are not there where there is no feed', async () => {
    const consumer = new ConsumerClient(client);
    for (const answer of [
      await consumer.put({}),
      await consumer.events(),
      await consumer.post({ position: 0 }),
      await consumer.remove(),
      await client.get('/-/consumers'),
    ]) {
      expectProblem(answer, 'not-supported');
    }
  });
}

function testMaking({ it, client }: HttpSuite): void {
  it('are what they were made', async () => {
    const consumer = new ConsumerClient(client);
    const definition = { start: 'beginning', types: ['A', 'Ü "x"'], streamPrefix: 'order-' };
    const made = await consumer.make({ ...definition, types: ['Ü "x"', 'A', 'A'] });
    const { name, start, types, streamPrefix, position } = await consumer.show();
    assert.deepEqual({ start, types, streamPrefix }, definition);
    assert.deepEqual([name, position], [consumer.name, 0]);
    assert.match(made.epoch, /^\S+$/);
    assert.equal(new Date(made.createdAt).toISOString(), made.createdAt);
    assert.equal(made.movedAt, made.createdAt);
    assert.deepEqual(
      made.checkpoints?.map(({ slots, position: at }) => [slots, at]),
      [[[0, 1023], 0]],
    );
  });

  it('made again in the same way are found, and stay where they are', async () => {
    const consumer = new ConsumerClient(client);
    await client.append(uniqueName('any'), sampleEvent());
    const made = await consumer.make({});
    await consumer.move({ position: 1 });
    const { status, text } = await consumer.put({ start: 'beginning' });
    assert.equal(status, 200);
    const found = JSON.parse(text);
    assert.deepEqual([found.epoch, found.position], [made.epoch, 1]);
    for (const other of [{ start: 'end' }, { start: 0 }, { types: ['A'] }, { streamPrefix: 'a' }]) {
      expectProblem(await consumer.put(other), 'consumer-exists');
    }
    assert.equal((await consumer.show()).position, 1);
  });

  it('start at the beginning, at the end, or where they are told', async () => {
    const streamId = uniqueName('start');
    const after = await feedEnd(client);
    await client.append(streamId, sampleEvents(3));
    const atEnd = new ConsumerClient(client);
    const end = (await atEnd.make({ start: 'end' })).position;
    assert.equal(end, after + 3);
    const behindOne = new ConsumerClient(client);
    assert.equal((await behindOne.make({ start: after + 1 })).position, after + 1);
    const ahead = await new ConsumerClient(client).put({ start: end + 1 });
    expectProblem(ahead, 'cursor-ahead', { position: end });
    const [later] = sampleEvents(1);
    await client.append(streamId, later);
    assert.equal((await atEnd.show()).lagEvents, 1);
    assert.equal((await behindOne.show()).lagEvents, 3);
  });
}

function testShowing({ it, client }: HttpSuite): void {
  it('show how far they are behind', async () => {
    const consumer = new ConsumerClient(client);
    const { position, lagEvents, lagSeconds } = await consumer.make({ start: 'end' });
    assert.deepEqual([lagEvents, lagSeconds], [0, 0]);
    await client.append(uniqueName('lag'), sampleEvents(2));
    const behind = await consumer.show();
    assert.equal(behind.lagEvents, 2);
    assert.ok((behind.lagSeconds ?? -1) >= 0);
    const movedAt = behind.movedAt;
    await consumer.move({ position: position + 2 });
    const moved = await consumer.show();
    assert.deepEqual([moved.position, moved.lagEvents, moved.lagSeconds], [position + 2, 0, 0]);
    assert.ok(moved.movedAt >= movedAt);
    assert.equal(moved.createdAt, behind.createdAt);
  });

  it('are listed in the order of their names, page by page', async () => {
    const prefix = uniqueName('list');
    const names = ['a', 'a.b', 'a:c', 'b'].map((name) => `${prefix}.${name}`);
    for (const name of names.toReversed()) await new ConsumerClient(client, name).make({ types: ['A'] });
    const list = async (query: { after: string; limit?: number }) =>
      expectJson<ConsumerListPage>(await client.get('/-/consumers', query));
    const all = (await list({ after: `${prefix}.`, limit: 4 })).payload;
    assert.deepEqual(
      all.map(({ name }) => name),
      names,
    );
    const { checkpoints: _, ...shown } = await new ConsumerClient(client, names[0]).show();
    assert.deepEqual({ ...all[0], lagSeconds: 0 }, { ...shown, lagSeconds: 0 });
    const page = await list({ after: names[0] ?? '', limit: 2 });
    assert.deepEqual(page.pagination, { nextAfter: names[2] });
    assert.deepEqual(
      page.payload.map(({ name }) => name),
      names.slice(1, 3),
    );
    assert.deepEqual((await list({ after: '~' })).payload, []);
  });
}

function testRemoving({ it, client }: HttpSuite): void {
  it('are gone once they are removed, and begin anew', async () => {
    const consumer = new ConsumerClient(client);
    await client.append(uniqueName('any'), sampleEvent());
    const made = await consumer.make({});
    await consumer.move({ position: 1 });
    const removed = await consumer.remove();
    assert.deepEqual([removed.status, removed.text], [204, '']);
    for (const answer of [
      await consumer.remove(),
      await client.get(consumer.path),
      await consumer.events(),
      await consumer.events({}, { accept: 'text/event-stream' }),
      await consumer.post({ position: 1 }),
    ]) {
      expectProblem(answer, 'consumer-not-found');
    }
    const again = await consumer.make({ types: ['A'] });
    assert.equal(again.position, 0);
    assert.notEqual(again.epoch, made.epoch);
  });

  it('of one name are made once, however many ask', async () => {
    const consumer = new ConsumerClient(client);
    const answers = await Promise.all(Array.from({ length: 20 }, () => consumer.put({ start: 'end' })));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    const epochs = new Set(answers.map(({ text }) => JSON.parse(text).epoch));
    assert.equal(epochs.size, 1);
    await consumer.remove();
  });
}
