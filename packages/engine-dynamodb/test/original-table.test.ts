/** A table that the original service filled: four attributes an item, and nothing else. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { parseStreamId, type RecordedEvent, type StorageEngine } from '@event-store/core';
import { backfillDynamodbTable, openDynamodbEngine, verifyDynamodbTable } from '@event-store/engine-dynamodb';
import { SdkTable } from '../src/sdk-table.ts';
import { createTable, type Emulator, startDynoxide, type TableAddress } from './emulator.ts';

let emulator: Emulator;
before(async () => {
  emulator = await startDynoxide();
});
after(() => emulator.stop());

it('is served and appended to as it is', async () => {
  const address = await filledTable();
  const engine = await openDynamodbEngine(address);
  const [first] = await readStream(engine, 'account-1');
  assert.deepEqual(first, { streamId: 'account-1', version: 1, type: 'Opened', data: 'MQ==' });
  assert.equal((await readStream(engine, 'long')).length, 2_000);
  const conflict = await append(engine, 'account-1', 1);
  assert.deepEqual(conflict, { outcome: 'version-conflict', streamId: 'account-1', currentVersion: 3 });
  assert.equal((await append(engine, 'account-1', 4)).outcome, 'appended');
  assert.equal((await append(engine, 'account-2')).outcome, 'appended');
  const feed = await readFeed(engine);
  assert.deepEqual(feed.map(name), [
    'account-1 1',
    'account-1 2',
    'account-1 3',
    'account-1 4',
    'account-2 1',
    'account-2 2',
  ]);
  await engine.close();
});

it('is in the feed after a backfill, stream by stream in order, also when that runs twice', async () => {
  const address = await filledTable();
  const engine = await openDynamodbEngine(address);
  assert.equal((await append(engine, 'account-1')).outcome, 'appended');
  assert.notDeepEqual(await verifyDynamodbTable(address), []);
  assert.equal(await backfillDynamodbTable(address), 2_001);
  assert.equal(await backfillDynamodbTable(address), 0);
  assert.equal((await append(engine, 'long')).outcome, 'appended');
  const feed = await readFeed(engine);
  assert.deepEqual(
    feed.map(({ position }) => position),
    Array.from({ length: 2_006 }, (_, index) => index + 1),
  );
  for (const streamId of ['account-1', 'account-2', 'long']) {
    const inFeed = feed.filter((event) => event.streamId === streamId);
    assert.deepEqual(inFeed.map(name), (await readStream(engine, streamId)).map(name));
  }
  await engine.close();
  assert.deepEqual(await verifyDynamodbTable(address), []);
});

it('may be written without the feed first, which then can be switched on, and not off again', async () => {
  const address = await createTable(emulator);
  const without = await openDynamodbEngine({ ...address, feed: 'off' });
  for (const expectedVersion of [1, 2, 3]) await append(without, 'account-1', expectedVersion);
  await without.close();
  const engine = await openDynamodbEngine(address);
  await append(engine, 'account-1', 4);
  assert.equal((await readFeed(engine)).length, 4);
  await engine.close();
  await assert.rejects(openDynamodbEngine({ ...address, feed: 'off' }), { kind: 'configuration' });
});

/** `account-1` with 3 events, `account-2` with 1, `long` with 2,000. */
async function filledTable(): Promise<TableAddress> {
  const address = await createTable(emulator);
  const table = new SdkTable(address);
  const counts = { 'account-1': 3, 'account-2': 1, long: 2_000 };
  for (const [streamId, count] of Object.entries(counts)) {
    const versions = Array.from({ length: count }, (_, index) => index + 1);
    while (versions.length > 0)
      await Promise.all(versions.splice(0, 50).map((version) => put(table, streamId, version)));
  }
  table.close();
  return address;
}

async function put(table: SdkTable, streamId: string, version: number): Promise<void> {
  const item = { 'Entity ID': streamId, Version: version, 'Event Type': 'Opened', Data: btoa(String(version)) };
  assert.deepEqual(await table.put(item), { outcome: 'applied' });
}

function append(engine: StorageEngine, streamId: string, expectedVersion?: number) {
  const events = [{ type: 'Closed', data: '', id: undefined, metadata: undefined }];
  return engine.append({ streams: [{ streamId: parseStreamId(streamId), expectedVersion, events }] });
}

function readStream(engine: StorageEngine, streamId: string): Promise<readonly RecordedEvent[]> {
  return collect(engine.readStream({ streamId: parseStreamId(streamId), from: 1, direction: 'forward' }));
}

function readFeed(engine: StorageEngine): Promise<readonly RecordedEvent[]> {
  return collect(engine.readFeed({ after: 0 }));
}

async function collect(batches: AsyncIterable<{ readonly lines: Uint8Array }>): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const { lines } of batches) {
    const text = new TextDecoder().decode(lines);
    for (const line of text.split('\n')) if (line !== '') events.push(JSON.parse(line));
  }
  return events;
}

function name({ streamId, version }: RecordedEvent): string {
  return `${streamId} ${version}`;
}
