/**
 * One run of eight writers on three server processes over one table, behind a connection that
 * loses, delays, repeats, throttles and hides, while the processes are killed, stopped and paused.
 * Then everything heals, and what clients were told is compared with what the table holds.
 */
import assert from 'node:assert/strict';
import { type Clock, parseStreamId } from '@event-store/core';
import { openDynamodbEngine, verifyDynamodbTable } from '@event-store/engine-dynamodb';
import { createTable, startDynoxide, type TableAddress } from '../../../packages/engine-dynamodb/test/emulator.ts';
import { FaultProxy, type FaultRates, noFaults } from '../../../packages/engine-dynamodb/test/fault-proxy.ts';
import { expectNoFinding } from '../../checker/check-history.ts';
import { Chance } from '../chance.ts';
import { checkHistory } from '../check-history.ts';
import { Clients } from '../clients.ts';
import { History } from '../history.ts';
import { readFinalState } from '../read-events.ts';
import { recordedHistory } from './recorded-history.ts';
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
  readonly faults: number;
  readonly mishaps: Readonly<Record<Mishap, number>>;
}

const writers = 8;
const instances = 3;
const subscribers = 3;

/** Two streams get half of the appends. */
const contended = ['hot', 'hot', 'hot', 'warm', 'warm', 'warm'].map(parseStreamId);
const uncontended = Array.from({ length: 6 }, (_, index) => parseStreamId(`quiet-${index}`));
const streamIds = [...contended, ...uncontended];

/** With fewer conflicts the run shows little. */
const conflictShareMin = 0.2;

/** Each stream has one order that agrees with real time; subscribers come to the end when everything heals. */
const claims = { order: 'stream', ordersTimes: false, catchUpMsMax: 5_000 } as const;

/** @throws Violation or AssertionError */
export async function runProcesses(run: ProcessesRun): Promise<ProcessesReport> {
  const stage = await setUp(run);
  const mishaps = await disturb(stage, run);
  const healedMs = await heal(stage);
  const events = await check(stage, healedMs);
  const { history, clients, proxy } = stage;
  const results = history.appends.flatMap(({ attempts }) => attempts.map(({ result }) => result?.outcome));
  return {
    operations: clients.operations,
    attempts: results.length,
    acknowledged: history.acknowledged.length,
    conflicts: results.filter((outcome) => outcome === 'version-conflict').length,
    unknown: results.filter((outcome) => outcome === undefined).length,
    events,
    faults: proxy.faults,
    mishaps,
  };
}

interface Stage {
  /** Around the proxy. */
  readonly direct: TableAddress;
  readonly proxy: FaultProxy;
  readonly servers: ServerProcesses;
  readonly history: History;
  readonly clients: Clients;
  readonly following: readonly Subscriber[];
  readonly chance: Chance;
  readonly time: { monotonicMs(): number; wait(delayMs: number): Promise<void> };
}

async function setUp({ seed, clock, defer }: ProcessesRun): Promise<Stage> {
  const chance = new Chance(seed);
  const wait = (delayMs: number) => new Promise<void>((resolve) => void clock.after(delayMs, resolve));
  const time = { monotonicMs: () => clock.monotonicMs(), wait };
  const emulator = await startDynoxide();
  defer(() => emulator.stop());
  const proxy = await FaultProxy.start({ target: emulator.endpoint, chance: () => chance.fraction() });
  defer(() => proxy.stop());
  const direct = await createTable(emulator);
  const servers = new ServerProcesses({ address: { ...direct, endpoint: proxy.endpoint }, chance, wait, defer });
  await Promise.all(Array.from({ length: instances }, () => servers.start()));
  const history = new History();
  const clients = new Clients({ time, chance, instances: servers, streamIds, history });
  const following = Array.from(
    { length: subscribers },
    (_, index) => new Subscriber({ name: `subscriber ${index + 1}`, chance, instances: servers, time, history }),
  );
  return { direct, proxy, servers, history, clients, following, chance, time };
}

/** Works until all operations are done, with the mishaps spread over them. */
async function disturb(stage: Stage, run: ProcessesRun): Promise<Readonly<Record<Mishap, number>>> {
  const { proxy, servers, clients, following, chance, time } = stage;
  const mishaps = { kill: 0, stop: 0, pause: 0 };
  let isOver = false;
  run.defer(async () => {
    isOver = true;
    await Promise.all(following.map((subscriber) => subscriber.stop()));
  });
  for (const subscriber of following) subscriber.start();
  const writing = Array.from({ length: writers }, async () => {
    while (!isOver && clients.operations < run.operations) await clients.operate(1);
  });
  const disturbing = async () => {
    for (let count = 1; count <= run.mishaps; count++) {
      const dueAt = (count * run.operations) / (run.mishaps + 1);
      while (clients.operations < dueAt && !isOver) await time.wait(5);
      if (isOver) return;
      const mishap = chance.one(['kill', 'kill', 'pause', 'pause', 'stop'] as const);
      await servers.befall(mishap);
      mishaps[mishap]++;
      run.say(`${clients.operations} operations, ${count} mishaps, ${proxy.faults} faults`);
    }
  };
  proxy.rates = run.rates;
  await Promise.all([...writing, disturbing()]);
  return mishaps;
}

/** Nothing is disturbed any more: all instances make way for a new one. Tells when that is alone. */
async function heal({ proxy, servers, following, time }: Stage): Promise<number> {
  proxy.rates = noFaults;
  await proxy.quiet();
  await servers.replaceAll();
  const healedMs = time.monotonicMs();
  const isBehind = () => following.some(({ caughtUpMs }) => caughtUpMs < healedMs);
  while (isBehind() && time.monotonicMs() - healedMs < claims.catchUpMsMax) await time.wait(10);
  await Promise.all(following.map((subscriber) => subscriber.stop()));
  await servers.stop();
  return healedMs;
}

/** Gives the number of events that are stored. */
async function check({ direct, proxy, history }: Stage, healedMs: number): Promise<number> {
  const engine = await openDynamodbEngine(direct);
  const final = await readFinalState(engine, [...new Set(streamIds)]);
  await engine.close();
  checkHistory(history, final);
  expectNoFinding(recordedHistory({ history, final, healedMs }), claims);
  assert.deepEqual(await verifyDynamodbTable(direct), []);
  assert.equal(proxy.refused, 0, 'nothing but Query and PutItem of what is not there was asked for');
  const tried = history.appends.filter(
    ({ streamId, expectedVersion }) => expectedVersion !== undefined && contended.includes(streamId),
  );
  const conflicted = tried.filter(({ attempts }) =>
    attempts.some(({ result }) => result?.outcome === 'version-conflict'),
  );
  const share = conflicted.length / tried.length;
  assert.ok(share >= conflictShareMin, `void: only ${share.toFixed(2)} of the contended appends conflicted`);
  return final.feed.length;
}
