/** Consumers' records on a table that answers late, twice or not at all, and where names meet. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { EventStoreError, parseConsumerName } from '@event-store/core';
import { Chance } from '../../../simulation/dynamodb/chance.ts';
import { SimulatedDynamodb } from '../../../simulation/dynamodb/simulated-dynamodb.ts';
import { SimulatedProcess } from '../../../simulation/dynamodb/simulated-process.ts';
import { VirtualTime } from '../../../simulation/dynamodb/virtual-time.ts';
import { DynamodbConsumers } from '../src/dynamodb-consumers.ts';
import { encodeConsumerItem, firstSlotOf } from '../src/items/consumer-item.ts';

const seeds = 60;
const instances = 3;
const incrementsEach = 6;
const name = parseConsumerName('count');

it('every increment that was answered is counted once, by whatever way', async (context) => {
  let unknown = 0;
  for (let seed = 1; seed <= seeds; seed++) unknown += await countTogether(seed);
  context.diagnostic(`${unknown} outcomes were not known`);
  assert.ok(unknown > 0, 'some outcomes were not known');
});

/** Several instances increment one record over a bad network; returns how many outcomes were not known. */
async function countTogether(seed: number): Promise<number> {
  const { time, dynamodb, chance } = simulation(seed);
  const outcomes = { written: 0, unknown: 0 };
  const increment = async (consumers: DynamodbConsumers) => {
    const record = await consumers.read(name);
    const { count } = JSON.parse(record?.state ?? '{"count":0}') as { count: number };
    const state = JSON.stringify({ count: count + 1 });
    return (await consumers.write({ name, expectedRevision: record?.revision ?? 0, state })).outcome;
  };
  const work = Array.from({ length: instances }, async () => {
    const consumers = new DynamodbConsumers(new SimulatedProcess({ time, chance, dynamodb }).world);
    for (let done = 0; done < incrementsEach; ) {
      try {
        if ((await increment(consumers)) === 'conflict') continue;
        outcomes.written++;
      } catch (error) {
        assert.ok(error instanceof EventStoreError && error.code === 'outcome-unknown', String(error));
        outcomes.unknown++;
      }
      done++;
    }
  });
  await finish(time, Promise.all(work));
  dynamodb.isFaulty = false;
  const reader = new DynamodbConsumers(new SimulatedProcess({ time, chance, dynamodb }).world);
  const { count } = JSON.parse((await finish(time, reader.read(name)))?.state ?? '{}');
  const { written, unknown } = outcomes;
  assert.ok(count >= written && count <= written + unknown, `seed ${seed}: ${count}, ${JSON.stringify(outcomes)}`);
  return unknown;
}

it('two names that meet in one slot are two records', async () => {
  const { time, dynamodb, chance } = simulation(1);
  dynamodb.isFaulty = false;
  const slot = firstSlotOf(name);
  dynamodb.put(encodeConsumerItem(slot, { name: 'other', revision: 1, state: '{"of":"other"}', nonce: 'x' }));
  const consumers = new DynamodbConsumers(new SimulatedProcess({ time, chance, dynamodb }).world);
  const work = (async () => {
    assert.equal(await consumers.read(name), undefined);
    const write = (expectedRevision: number, state: string | undefined) =>
      consumers.write({ name, expectedRevision, state });
    assert.deepEqual(await write(1, '{"of":"stale"}'), { outcome: 'conflict', current: undefined });
    assert.deepEqual(await write(0, '{"of":"count"}'), { outcome: 'written' });
    assert.deepEqual(await write(1, '{"of":"count again"}'), { outcome: 'written' });
    assert.deepEqual(await write(2, undefined), { outcome: 'written' });
    assert.deepEqual(await write(0, '{"of":"count anew"}'), { outcome: 'written' });
    const records = await consumers.list({ after: '', limit: 10 });
    assert.deepEqual(
      records.map(({ name: of, revision, state }) => [of, revision, state]),
      [
        ['count', 4, '{"of":"count anew"}'],
        ['other', 1, '{"of":"other"}'],
      ],
    );
  })();
  await finish(time, work);
});

/** Lets time pass until the work is done. */
async function finish<Result>(time: VirtualTime, work: Promise<Result>): Promise<Result> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  done.catch(() => undefined);
  assert.equal(await time.run(() => isDone, 10 ** 7), 'done');
  return done;
}

function simulation(seed: number) {
  const chance = new Chance(seed);
  const time = new VirtualTime();
  return { chance, time, dynamodb: new SimulatedDynamodb(time, chance) };
}
