/** What instances over one table notice of each other, and what they leave behind. Shows P-14. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { parseStreamId, type StorageEngine, systemClock } from '@event-store/core';
import { openDynamodbEngine, verifyDynamodbTable } from '@event-store/engine-dynamodb';
import { DynamodbEngine } from '../src/dynamodb-engine.ts';
import { SdkTable } from '../src/sdk-table.ts';
import { systemRandom } from '../src/system-random.ts';
import type { Table } from '../src/table.ts';
import { createTable, type Emulator, startDynoxide, type TableAddress } from './emulator.ts';

let emulator: Emulator;
before(async () => {
  emulator = await startDynoxide();
});
after(() => emulator.stop());

it('a listener of one instance is told what others append', async () => {
  const address = await createTable(emulator);
  const [listening, appending] = await Promise.all([openDynamodbEngine(address), openDynamodbEngine(address)]);
  const told = Promise.withResolvers<void>();
  const positions: number[] = [];
  listening.onCommit((position) => {
    positions.push(position);
    if (position >= 20) told.resolve();
  });
  for (let count = 0; count < 20; count++) await append(appending, `stream-${count % 3}`);
  await told.promise;
  assert.deepEqual(
    positions,
    positions.toSorted((a, b) => a - b),
  );
  await Promise.all([listening.close(), appending.close()]);
});

it('what one instance acknowledged, every read of another shows', async () => {
  const address = await createTable(emulator);
  const engines = await Promise.all(Array.from({ length: 3 }, () => openDynamodbEngine(address)));
  for (let count = 1; count <= 30; count++) {
    await append(engines[count % 3], 'shared', count);
    assert.equal(await engines[(count + 1) % 3]?.streamVersion(parseStreamId('shared')), count);
    assert.equal(await feedEnd(engines[(count + 1) % 3]), count);
  }
  await Promise.all(engines.map((engine) => engine.close()));
  assert.deepEqual(await verifyDynamodbTable(address), []);
});

it('an instance that stops seals its lane; one that only reads opens none', async () => {
  const address = await createTable(emulator);
  const reading = await openDynamodbEngine(address);
  assert.equal(await feedEnd(reading), 0);
  await reading.close();
  assert.deepEqual(await items(address, '-/lanes'), []);
  const writing = await openDynamodbEngine(address);
  await append(writing, 'a');
  await append(writing, 'b');
  await writing.close();
  assert.equal((await items(address, '-/lanes')).length, 1);
  assert.equal((await items(address, '-/lane/1')).at(-1)?.seal, 1);
});

it('a lane that somebody else sealed is given up without a loss', async () => {
  const address = await createTable(emulator);
  const engine = await openDynamodbEngine(address);
  await append(engine, 'a');
  const table = new SdkTable(address);
  assert.deepEqual(await table.put({ 'Entity ID': '-/lane/1', Version: 2, nonce: 'x', seal: 1 }), {
    outcome: 'applied',
  });
  table.close();
  await Promise.all(['a', 'b', 'c'].map((streamId) => append(engine, streamId)));
  assert.equal(await feedEnd(engine), 4);
  await engine.close();
  assert.deepEqual(await verifyDynamodbTable(address), []);
});

it('small events are read with the records that name them, without a query for each stream', async () => {
  const address = await createTable(emulator);
  const writing = await openDynamodbEngine(address);
  for (let count = 0; count < 5; count++) await append(writing, `stream-${count}`);
  const table = new SdkTable(address);
  const asked: string[] = [];
  const query: Table['query'] = (each) => {
    asked.push(each.partition);
    return table.query(each);
  };
  const counting: Table = {
    query,
    put: (item) => table.put(item),
    replace: (item, revision) => table.replace(item, revision),
    transactPut: (items, token) => table.transactPut(items, token),
  };
  const world = { table: counting, clock: systemClock, random: systemRandom, observer: {} };
  const reading = new DynamodbEngine({ world, feed: 'on' });
  assert.equal(await feedEnd(reading), 5);
  assert.deepEqual(
    asked.filter((partition) => partition.startsWith('stream-')),
    [],
  );
  await Promise.all([reading.close(), writing.close()]);
  table.close();
});

async function append(engine: StorageEngine | undefined, streamId: string, expectedVersion?: number): Promise<void> {
  const events = [{ type: 'Happened', data: '', id: undefined, metadata: undefined }];
  const streams = [{ streamId: parseStreamId(streamId), expectedVersion, events }];
  assert.equal((await engine?.append({ streams }))?.outcome, 'appended');
}

async function feedEnd(engine: StorageEngine | undefined): Promise<number | undefined> {
  let end: number | undefined;
  for await (const { through } of engine?.readFeed({ after: 0 }) ?? []) end = through;
  return end;
}

async function items({ endpoint, region, table }: TableAddress, partition: string) {
  const sdk = new SdkTable({ endpoint, region, table });
  const page = await sdk.query({ partition, direction: 'forward', consistency: 'strong' });
  sdk.close();
  return page.items;
}
