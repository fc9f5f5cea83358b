/**
 * Appends a second on one emulator: a loop of bare conditional puts, the engine with the feed off,
 * and with the feed on from one instance and from three. Each figure is the median of its rounds,
 * taken in turn, so that whatever else the machine does falls on all. Each instance has its own clients.
 *
 *     node --conditions=source benchmarks/dynamodb.ts
 */
import { parseStreamId, type StorageEngine } from '@event-store/core';
import { openDynamodbEngine } from '@event-store/engine-dynamodb';
import { SdkTable } from '../packages/engine-dynamodb/src/sdk-table.ts';
import { createTable, startDynoxide, type TableAddress } from '../packages/engine-dynamodb/test/emulator.ts';

const clientsOfInstance = 32;
const streams = 999;
const roundMs = 2_000;
const rounds = 3;
let numbers = 0;
const data = btoa('x'.repeat(150));

const emulator = await startDynoxide();
const off = await openEngines(1, 'off');
const one = await openEngines(1, 'on');
const three = await openEngines(3, 'on');
const bare = new SdkTable(await createTable(emulator));

const loads: Readonly<Record<string, () => Promise<number>>> = {
  'bare conditional puts': () => load(1, barePut),
  'feed off': () => load(1, appendTo(off)),
  'feed on, one instance': () => load(1, appendTo(one)),
  'feed on, three instances': () => load(3, appendTo(three)),
};
const results = new Map(Object.keys(loads).map((name) => [name, [] as number[]]));
for (let round = 0; round < rounds; round++) {
  for (const [name, run] of Object.entries(loads)) results.get(name)?.push(await run());
}
const medians = new Map([...results].map(([name, figures]) => [name, median(figures)]));
const baseline = medians.get('bare conditional puts') ?? Number.NaN;
for (const [name, perSecond] of medians) {
  console.log(
    `${name.padEnd(26)} ${String(Math.round(perSecond)).padStart(6)}/s  ${(perSecond / baseline).toFixed(2)}`,
  );
}
for (const engine of [...off, ...one, ...three]) await engine.close();
bare.close();
await emulator.stop();

async function openEngines(count: number, feed: 'on' | 'off'): Promise<readonly StorageEngine[]> {
  const address: TableAddress = await createTable(emulator);
  const engines = await Promise.all(Array.from({ length: count }, () => openDynamodbEngine({ ...address, feed })));
  const warm = appendTo(engines);
  for (let number = 0; number < streams; number += 27) {
    await Promise.all(Array.from({ length: 27 }, (_, client) => warm(number + client)));
  }
  return engines;
}

/** Appends without an expected version, each stream always through the same instance. */
function appendTo(engines: readonly StorageEngine[]): (number: number) => Promise<void> {
  return async (number) => {
    const streamId = parseStreamId(`stream-${number % streams}`);
    const events = [{ type: 'Deposited', data, id: undefined, metadata: undefined }];
    await engines[number % engines.length]?.append({ streams: [{ streamId, expectedVersion: undefined, events }] });
  };
}

async function barePut(number: number): Promise<void> {
  const item = {
    'Entity ID': `stream-${number % streams}`,
    Version: number + 1,
    'Event Type': 'Deposited',
    Data: data,
  };
  await bare.put(item);
}

/** Operations a second of the clients of so many instances. */
async function load(instances: number, operate: (number: number) => Promise<void>): Promise<number> {
  const startMs = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: instances * clientsOfInstance }, async () => {
      while (performance.now() - startMs < roundMs) {
        await operate(numbers++);
        done++;
      }
    }),
  );
  return done / ((performance.now() - startMs) / 1000);
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}
