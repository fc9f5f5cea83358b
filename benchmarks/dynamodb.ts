/**
 * Appends a second on one emulator: a loop of bare conditional puts, the engine with the feed off,
 * and with the feed on from one instance and from three, next to the table and some milliseconds
 * away from it, as in real life. Each figure is the median of its rounds, taken in turn, so that
 * whatever else the machine does falls on all. Each instance has its own clients.
 *
 *     node --conditions=source benchmarks/dynamodb.ts
 */
import { scheduler } from 'node:timers/promises';
import { parseStreamId, type StorageEngine, systemClock } from '@event-store/core';
import { DynamodbEngine } from '../packages/engine-dynamodb/src/dynamodb-engine.ts';
import { SdkTable } from '../packages/engine-dynamodb/src/sdk-table.ts';
import { systemRandom } from '../packages/engine-dynamodb/src/system-random.ts';
import type { Table } from '../packages/engine-dynamodb/src/table.ts';
import { createTable, startDynoxide } from '../packages/engine-dynamodb/test/emulator.ts';

const clientsOfInstance = 16;
const streams = 999;
const roundMs = 1_500;
const rounds = 5;
const distanceMs = 10;
const data = btoa('x'.repeat(150));

type Append = (number: number) => Promise<unknown>;

interface Load {
  readonly instances: number;
  readonly append: Append;
  readonly perSecond: number[];
}

const emulator = await startDynoxide();
const engines: StorageEngine[] = [];
const bare = new SdkTable(await createTable(emulator));
let appends = 0;

const loads = new Map<string, Load>([
  ['bare conditional puts', { instances: 1, append: barePut, perSecond: [] }],
  ['feed off', await engineLoad({ instances: 1, feed: 'off' })],
  ['feed on, one instance', await engineLoad({ instances: 1, feed: 'on' })],
  ['feed on, three instances', await engineLoad({ instances: 3, feed: 'on' })],
  [`the same, one, ${distanceMs} ms away`, await engineLoad({ instances: 1, feed: 'on', distanceMs })],
  [`the same, three, ${distanceMs} ms away`, await engineLoad({ instances: 3, feed: 'on', distanceMs })],
]);
for (let round = 0; round < rounds; round++) {
  for (const load of loads.values()) load.perSecond.push(await measure(load));
}
const baseline = median(loads.get('bare conditional puts')?.perSecond ?? []);
for (const [name, { perSecond }] of loads) {
  const figure = median(perSecond);
  console.log(`${name.padEnd(32)} ${String(Math.round(figure)).padStart(6)}/s  ${(figure / baseline).toFixed(2)}`);
}
for (const engine of engines) await engine.close();
bare.close();
await emulator.stop();

async function engineLoad(options: { instances: number; feed: 'on' | 'off'; distanceMs?: number }): Promise<Load> {
  const { instances, feed, distanceMs = 0 } = options;
  const address = await createTable(emulator);
  const own = Array.from({ length: instances }, () => {
    const table = awayBy(new SdkTable(address), distanceMs);
    return new DynamodbEngine({ world: { table, clock: systemClock, random: systemRandom, observer: {} }, feed });
  });
  engines.push(...own);
  const append = appendTo(own);
  for (let number = 0; number < streams; number += 27) {
    await Promise.all(Array.from({ length: 27 }, (_, client) => append(number + client)));
  }
  return { instances, append, perSecond: [] };
}

/** Appends without an expected version, each stream always through the same instance. */
function appendTo(own: readonly StorageEngine[]): Append {
  return async (number) => {
    const streamId = parseStreamId(`stream-${number % streams}`);
    const events = [{ type: 'Deposited', data, id: undefined, metadata: undefined }];
    await own[number % own.length]?.append({ streams: [{ streamId, expectedVersion: undefined, events }] });
  };
}

function barePut(number: number): Promise<unknown> {
  return bare.put({
    'Entity ID': `stream-${number % streams}`,
    Version: number + 1,
    'Event Type': 'Deposited',
    Data: data,
  });
}

function awayBy(table: SdkTable, distanceMs: number): Table {
  if (distanceMs === 0) return table;
  const far = async <Answer>(ask: () => Promise<Answer>) => {
    await scheduler.wait(distanceMs);
    return ask();
  };
  return {
    put: (item) => far(() => table.put(item)),
    replace: (item, revision) => far(() => table.replace(item, revision)),
    transactPut: (items, token) => far(() => table.transactPut(items, token)),
    query: (query) => far(() => table.query(query)),
  };
}

async function measure({ instances, append }: Load): Promise<number> {
  const startMs = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: instances * clientsOfInstance }, async () => {
      while (performance.now() - startMs < roundMs) {
        await append(appends++);
        done++;
      }
    }),
  );
  return done / ((performance.now() - startMs) / 1000);
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}
