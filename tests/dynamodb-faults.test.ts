/**
 * Three instances over one table, through a proxy that loses, delays, repeats, throttles and hides,
 * with eight writers on contended and uncontended streams: the invariants hold. More with
 * EVENT_STORE_TEST_OPERATIONS=20000.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStreamId, type StorageEngine } from '@event-store/core';
import { openDynamodbEngine } from '@event-store/engine-dynamodb';
import { createTable, startDynoxide, type TableAddress } from '../packages/engine-dynamodb/test/emulator.ts';
import { FaultProxy, manyFaults, noFaults } from '../packages/engine-dynamodb/test/fault-proxy.ts';
import { Chance } from '../simulation/dynamodb/chance.ts';
import { checkHistory } from '../simulation/dynamodb/check-history.ts';
import { Clients, type Served } from '../simulation/dynamodb/clients.ts';
import { History } from '../simulation/dynamodb/history.ts';
import { readFinalState } from '../simulation/dynamodb/read-events.ts';
import { realTime } from './support/real-time.ts';

const operations = Number(process.env.EVENT_STORE_TEST_OPERATIONS ?? 600);
const seed = Number(process.env.EVENT_STORE_TEST_SEED ?? 1);
const writers = 8;
const contended = ['hot', 'warm'];
const uncontended = Array.from({ length: 20 }, (_, index) => `quiet-${index}`);
const streamIds = [...contended, ...contended, ...contended, ...uncontended].map(parseStreamId);

test('nothing is lost, doubled, reordered or halved behind a faulty connection', async (context) => {
  const emulator = await startDynoxide();
  context.after(() => emulator.stop());
  const chance = new Chance(seed);
  const proxy = await FaultProxy.start({ target: emulator.endpoint, chance: () => chance.fraction() });
  context.after(() => proxy.stop());
  const direct = await createTable(emulator);
  const address = { ...direct, endpoint: proxy.endpoint };
  const running: Served[] = await Promise.all(Array.from({ length: 3 }, () => open(address)));
  const history = new History();
  const clients = new Clients({ time: realTime, chance, instances: { running }, streamIds, history });
  context.after(() => {
    clients.isDone = true;
  });

  proxy.rates = manyFaults;
  const following = Promise.all([clients.follow(), clients.follow()]);
  const each = Math.ceil(operations / writers);
  await Promise.all(Array.from({ length: writers }, () => clients.operate(each)));
  clients.isDone = true;
  await following;
  proxy.rates = noFaults;
  await realTime.wait(2_000);
  await Promise.all(running.map(({ engine }) => (engine as StorageEngine).close()));

  const { engine } = await open(direct);
  checkHistory(history, await readFinalState(engine, [...new Set(streamIds)]));
  await engine.close();
  assert.equal(proxy.refused, 0);
  assert.ok(proxy.faults > 0.05 * operations, `${proxy.faults} faults`);
  const results = history.appends.flatMap(({ attempts }) => attempts.map(({ result }) => result?.outcome));
  const conflicts = results.filter((outcome) => outcome === 'version-conflict').length;
  assert.ok(conflicts > 0.02 * results.length, `${conflicts} conflicts`);
  const unknown = results.filter((outcome) => outcome === undefined).length;
  context.diagnostic(`${results.length} appends, ${conflicts} conflicts, ${unknown} unknown, ${proxy.faults} faults`);
});

async function open(address: TableAddress) {
  return { engine: await openDynamodbEngine(address), feed: 'on', process: { isKilled: false } } as const;
}
