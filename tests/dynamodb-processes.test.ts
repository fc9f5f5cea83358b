/**
 * Three server processes over one table, behind a faulty connection, killed, stopped and paused at
 * random under load: what they told their clients is what the table holds. Longer with
 * EVENT_STORE_TEST_MISHAPS=200.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { parseStreamId } from '@event-store/core';
import { openDynamodbEngine, verifyDynamodbTable } from '@event-store/engine-dynamodb';
import { createTable, startDynoxide, type TableAddress } from '../packages/engine-dynamodb/test/emulator.ts';
import { FaultProxy, manyFaults, noFaults } from '../packages/engine-dynamodb/test/fault-proxy.ts';
import { type StoreProcess, startStore } from '../scripts/store-process.ts';
import { Chance } from '../simulation/dynamodb/chance.ts';
import { checkHistory } from '../simulation/dynamodb/check-history.ts';
import { Clients, type Served } from '../simulation/dynamodb/clients.ts';
import { History } from '../simulation/dynamodb/history.ts';
import { readFinalState } from '../simulation/dynamodb/read-events.ts';
import { HttpStore } from './support/http-store.ts';
import { realTime } from './support/real-time.ts';

const mishaps = Number(process.env.EVENT_STORE_TEST_MISHAPS ?? 6);
const chance = new Chance(Number(process.env.EVENT_STORE_TEST_SEED ?? 1));
const streamIds = ['hot', 'hot', 'warm', ...Array.from({ length: 8 }, (_, index) => `quiet-${index}`)].map(
  parseStreamId,
);

interface Instance extends Served {
  readonly store: StoreProcess;
  readonly process: { isKilled: boolean };
}

test('instances may die, hang and wake at any moment', async (context) => {
  const emulator = await startDynoxide();
  context.after(() => emulator.stop());
  const proxy = await FaultProxy.start({ target: emulator.endpoint, chance: () => chance.fraction() });
  context.after(() => proxy.stop());
  proxy.rates = manyFaults;
  const address = await createTable(emulator);
  const start = () => startInstance(context, { ...address, endpoint: proxy.endpoint });
  const running = await Promise.all([start(), start(), start()]);
  const history = new History();
  const clients = new Clients({ time: realTime, chance, instances: { running }, streamIds, history });

  let isWorking = true;
  context.after(() => {
    isWorking = false;
    clients.isDone = true;
  });
  const writing = Promise.all(
    Array.from({ length: 8 }, async () => {
      while (isWorking) await clients.operate(5);
    }),
  );
  const following = clients.follow();
  for (let count = 0; count < mishaps; count++) {
    await realTime.wait(chance.between(200, 600));
    await befall(running, { start, kind: chance.one(['kill', 'kill', 'pause', 'stop']) });
  }
  isWorking = false;
  await writing;
  clients.isDone = true;
  await following;
  proxy.rates = noFaults;
  await realTime.wait(2_000);
  await Promise.all(running.map(({ store }) => store.end('SIGTERM')));

  const engine = await openDynamodbEngine(address);
  checkHistory(history, await readFinalState(engine, [...new Set(streamIds)]));
  await engine.close();
  assert.deepEqual(await verifyDynamodbTable(address), []);
  const results = history.appends.flatMap(({ attempts }) => attempts.map(({ result }) => result?.outcome));
  const stored = results.filter((outcome) => outcome === 'appended').length;
  assert.ok(stored > 5 * mishaps, `${stored} appends were acknowledged`);
  context.diagnostic(`${results.length} appends, ${stored} acknowledged, ${mishaps} mishaps, ${proxy.faults} faults`);
});

async function startInstance(context: TestContext, { table, region, endpoint }: TableAddress): Promise<Instance> {
  const store = await startStore({
    args: ['serve', '--port', '0', '--log-level', 'info'],
    environment: {
      DYNAMODB_TABLE: table,
      AWS_REGION: region,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_ACCESS_KEY_ID: 'emulator',
      AWS_SECRET_ACCESS_KEY: 'emulator',
    },
  });
  context.after(() => store.end('SIGKILL'));
  return { store, engine: new HttpStore(store.url), feed: 'on', process: { isKilled: false } };
}

interface Mishap {
  readonly kind: 'kill' | 'pause' | 'stop';
  readonly start: () => Promise<Instance>;
}

async function befall(running: Instance[], { kind, start }: Mishap): Promise<void> {
  const index = chance.integer(0, running.length - 1);
  const instance = running[index];
  if (instance === undefined) return;
  if (kind === 'pause') {
    process.kill(instance.store.processId, 'SIGSTOP');
    await realTime.wait(chance.between(100, 1_500));
    process.kill(instance.store.processId, 'SIGCONT');
    return;
  }
  instance.process.isKilled = true;
  const { signal, code } = await instance.store.end(kind === 'kill' ? 'SIGKILL' : 'SIGTERM');
  assert.ok(kind === 'kill' ? signal === 'SIGKILL' : code === 0, `${kind}: ${code} ${signal}`);
  running.splice(index, 1, await start());
}
