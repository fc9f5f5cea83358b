/**
 * One process that appends to a table with the engine, or puts bare items as the least that can be
 * done: told `{ clients, seconds }`, it answers how many appends were stored and what they took.
 *
 *     table-client.ts <endpoint> <table> bare|off|on <ms to the table> <number of this process> <processes>
 */
import { scheduler } from 'node:timers/promises';
import { parseStreamId, systemClock } from '@event-store/core';
import { DynamodbEngine } from '../../packages/engine-dynamodb/src/dynamodb-engine.ts';
import { SdkTable } from '../../packages/engine-dynamodb/src/sdk-table.ts';
import { systemRandom } from '../../packages/engine-dynamodb/src/system-random.ts';
import type { Table } from '../../packages/engine-dynamodb/src/table.ts';

export interface TableLoad {
  readonly clients: number;
  readonly seconds: number;
}

export interface TableWork {
  readonly appends: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const streamsOfProcess = 300;
const data = btoa('x'.repeat(150));

const [endpoint = '', table = '', what = '', distance = '0', own = '0', processes = '1'] = process.argv.slice(2);
const sdk = new SdkTable({ endpoint, table, region: 'eu-central-1' });
const append = what === 'bare' ? putBare : appendWithEngine();
let appends = 0;

process.on('message', (load: TableLoad) => {
  void work(load).then((done) => process.send?.(done));
});

async function work({ clients, seconds }: TableLoad): Promise<TableWork> {
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  const before = appends;
  const client = async () => {
    while (performance.now() - startMs < seconds * 1_000) await append(appends++);
  };
  await Promise.all(Array.from({ length: clients }, client));
  const { user, system } = process.cpuUsage(startCpu);
  return {
    appends: appends - before,
    seconds: (performance.now() - startMs) / 1_000,
    cpuSeconds: (user + system) / 1_000_000,
  };
}

/** Each stream is always written by the same process. */
function streamOf(number: number): string {
  return `stream-${(number % streamsOfProcess) * Number(processes) + Number(own)}`;
}

async function putBare(number: number): Promise<void> {
  const key = { 'Entity ID': streamOf(number), Version: Math.floor(number / streamsOfProcess) + 1 };
  const { outcome } = await sdk.put({ ...key, 'Event Type': 'Deposited', Data: data });
  if (outcome !== 'applied') throw new Error(`A put ended with ${outcome}`);
}

function appendWithEngine(): (number: number) => Promise<void> {
  const world = { table: awayBy(Number(distance)), clock: systemClock, random: systemRandom, observer: {} };
  const engine = new DynamodbEngine({ world, feed: what === 'on' ? 'on' : 'off' });
  const events = [{ type: 'Deposited', data, id: undefined, metadata: undefined }];
  return async (number) => {
    const streamId = parseStreamId(streamOf(number));
    const { outcome } = await engine.append({ streams: [{ streamId, expectedVersion: undefined, events }] });
    if (outcome !== 'appended') throw new Error(`An append ended with ${outcome}`);
  };
}

/** A table that is some time away, as every real one is. */
function awayBy(delayMs: number): Table {
  if (delayMs === 0) return sdk;
  const far = async <Answer>(ask: () => Promise<Answer>) => {
    await scheduler.wait(delayMs);
    return ask();
  };
  return {
    put: (item) => far(() => sdk.put(item)),
    transactPut: (items, token) => far(() => sdk.transactPut(items, token)),
    query: (query) => far(() => sdk.query(query)),
    replace: (...replacement) => far(() => sdk.replace(...replacement)),
  };
}
