/**
 * One run of T10: eight writers on three server processes over one table, behind a connection that
 * loses, delays, repeats, throttles and hides, while the processes are killed, stopped and paused.
 * Then everything heals, and what clients were told is compared with what the table holds.
 */
import assert from 'node:assert/strict';
import { type Clock, parseStreamId } from '@event-store/core';
import { openDynamodbEngine, verifyDynamodbTable } from '@event-store/engine-dynamodb';
import { createTable, startDynoxide } from '../../../packages/engine-dynamodb/test/emulator.ts';
import { FaultProxy, type FaultRates, noFaults } from '../../../packages/engine-dynamodb/test/fault-proxy.ts';
import { Chance } from '../chance.ts';
import { checkHistory } from '../check-history.ts';
import { Clients } from '../clients.ts';
import { History } from '../history.ts';
import { readFinalState } from '../read-events.ts';
import { type Mishap, ServerProcesses } from './server-processes.ts';
import { Subscriber } from './subscriber.ts';

export interface ProcessesRun {
  readonly seed: number;
  readonly operations: number;
  /** How often an instance is killed, stopped or paused. */
  readonly mishaps: number;
  readonly rates: FaultRates;
  readonly clock: Clock;
  readonly defer: (cleanUp: () => Promise<void>) => void;
  readonly say: (text: string) => void;
}

export interface ProcessesReport {
  readonly operations: number;
  readonly attempts: number;
  readonly acknowledged: number;
  readonly conflicts: number;
  readonly unknown: number;
  readonly events: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly mishaps: Readonly<Record<Mishap, number>>;
}

const writers = 8;
const instances = 3;
const subscribers = 3;

/** Two streams get three fifths of the appends. */
const contended = ['hot', 'hot', 'warm'];
const uncontended = Array.from({ length: 2 }, (_, index) => `quiet-${index}`);

/** Once everything heals, subscribers have what there is within this. */
const catchUpMsMax = 5_000;

/** @throws Violation */
export async function runProcesses(run: ProcessesRun): Promise<ProcessesReport> {
  const { clock, defer, seed } = run;
  const chance = new Chance(seed);
  const wait = (delayMs: number) => new Promise<void>((resolve) => void clock.after(delayMs, resolve));
  const emulator = await startDynoxide();
  defer(() => emulator.stop());
  const proxy = await FaultProxy.start({ target: emulator.endpoint, chance: () => chance.fraction() });
  defer(() => proxy.stop());
  const direct = await createTable(emulator);
  const servers = new ServerProcesses({ address: { ...direct, endpoint: proxy.endpoint }, chance, wait, defer });
  await Promise.all(Array.from({ length: instances }, () => servers.start()));

  const history = new History();
  const streamIds = [...contended, ...uncontended].map(parseStreamId);
  const time = { monotonicMs: () => clock.monotonicMs(), wait };
  const clients = new Clients({ time, chance, instances: servers, streamIds, history });
  const following = Array.from({ length: subscribers }, () => {
    const subscription = { names: [], connections: 0 };
    history.subscriptions.push(subscription);
    return new Subscriber({ chance, instances: servers, wait, subscription });
  });
  let isOver = false;
  defer(async () => {
    isOver = true;
    clients.isDone = true;
    for (const subscriber of following) subscriber.isDone = true;
  });

  proxy.rates = run.rates;
  const subscribed = Promise.all(following.map((subscriber) => subscriber.follow()));
  const mishaps: Record<Mishap, number> = { kill: 0, stop: 0, pause: 0 };
  const mishapping = (async () => {
    for (let count = 1; count <= run.mishaps; count++) {
      while (clients.operations < (count * run.operations) / (run.mishaps + 1)) {
        if (isOver) return;
        await wait(5);
      }
      const mishap = chance.one(['kill', 'kill', 'pause', 'pause', 'stop'] as const);
      await servers.befall(mishap);
      mishaps[mishap]++;
      run.say(`${clients.operations} operations, ${count} mishaps, ${proxy.faults} faults`);
    }
  })();
  const writing = Promise.all(
    Array.from({ length: writers }, async () => {
      while (!isOver && clients.operations < run.operations) await clients.operate(1);
    }),
  );
  await Promise.all([Promise.race([writing, subscribed]), mishapping]);
  await writing;
  proxy.rates = noFaults;
  await proxy.quiet();
  const { engine } = servers.running[0] as (typeof servers.running)[0];
  let end = 0;
  for await (const { lines } of engine.readFeed({ after: 0 }))
    end += lines.reduce((sum, byte) => sum + Number(byte === 10), 0);
  const healedMs = clock.monotonicMs();
  while (following.some(({ position }) => position < end)) {
    assert.ok(clock.monotonicMs() - healedMs < catchUpMsMax, `a subscriber does not come to position ${end}`);
    await wait(10);
  }
  for (const subscriber of following) subscriber.isDone = true;
  await subscribed;
  await servers.stop();

  const fresh = await openDynamodbEngine(direct);
  const final = await readFinalState(fresh, [...new Set(streamIds)]);
  await fresh.close();
  checkHistory(history, final);
  assert.deepEqual(await verifyDynamodbTable(direct), []);
  assert.equal(proxy.refused, 0, 'nothing but conditional PutItem and Query was asked for');
  const results = history.appends.flatMap(({ attempts }) => attempts.map(({ result }) => result?.outcome));
  return {
    operations: clients.operations,
    attempts: results.length,
    acknowledged: history.acknowledged.length,
    conflicts: results.filter((outcome) => outcome === 'version-conflict').length,
    unknown: results.filter((outcome) => outcome === undefined).length,
    events: final.feed.length,
    faults: proxy.hits,
    mishaps,
  };
}
