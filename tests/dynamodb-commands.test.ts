/** What `event-store dynamodb` does to a table, as its user sees it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parseStreamId } from '@event-store/core';
import { openDynamodbEngine } from '@event-store/engine-dynamodb';
import { SdkTable } from '../packages/engine-dynamodb/src/sdk-table.ts';
import { createTable, type Emulator, startDynoxide } from '../packages/engine-dynamodb/test/emulator.ts';
import { runStore } from '../scripts/store-process.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

let emulator: Emulator;
before(async () => {
  emulator = await startDynoxide();
});
after(() => emulator.stop());

function dynamodb(command: string, table: string) {
  const environment = {
    DYNAMODB_TABLE: table,
    AWS_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL_DYNAMODB: emulator.endpoint,
    AWS_ACCESS_KEY_ID: 'emulator',
    AWS_SECRET_ACCESS_KEY: 'emulator',
  };
  return runStore({ args: ['dynamodb', command], environment });
}

test('create-table makes a table that can be served, and leaves one that is there as it is', async () => {
  assert.equal((await dynamodb('create-table', 'made')).code, 0);
  const engine = await openDynamodbEngine({ table: 'made', region: 'eu-central-1', endpoint: emulator.endpoint });
  await engine.close();
  const again = await dynamodb('create-table', 'made');
  assert.equal(again.code, 0);
  assert.match(again.stdout, /was there already/);
});

test('create-table says so where a table of this name has other keys', async () => {
  const made = await fetch(emulator.endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': 'DynamoDB_20120810.CreateTable',
      Authorization:
        'AWS4-HMAC-SHA256 Credential=emulator/20261126/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      'X-Amz-Date': '20261126T000000Z',
    },
    body: JSON.stringify({
      TableName: 'other-keys',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  });
  assert.equal(made.status, 200);
  const { code, stderr } = await dynamodb('create-table', 'other-keys');
  assert.equal(code, 78);
  assert.match(stderr, /needs the partition key "Entity ID"/);
});

test('without credentials it is said that there are none, and how to give them', async (context) => {
  const nothing = join(temporaryDirectory(context), 'none');
  const environment = {
    DYNAMODB_TABLE: 'events',
    AWS_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL_DYNAMODB: emulator.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: nothing,
    AWS_SHARED_CREDENTIALS_FILE: nothing,
  };
  for (const args of [
    ['serve', '--port', '0'],
    ['dynamodb', 'create-table'],
    ['dynamodb', 'verify'],
  ]) {
    const { code, stderr } = await runStore({ args, environment });
    assert.equal(code, 78, stderr);
    assert.match(stderr, /No credentials for DynamoDB were found \(.*Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/);
    assert.doesNotMatch(stderr, /refused/);
  }
});

test('a missing table is named, with how to create it', async () => {
  for (const command of ['verify', 'backfill']) {
    const { code, stderr } = await dynamodb(command, 'missing');
    assert.equal(code, 78);
    assert.match(
      stderr,
      /There is no table "missing" in this region\. Create it with: event-store dynamodb create-table/,
    );
  }
});

test('verify tells a whole table from one that lost an event', async () => {
  const address = await createTable(emulator);
  const engine = await openDynamodbEngine(address);
  const events = ['A', 'B'].map((type) => ({ type, data: '', id: undefined, metadata: undefined }));
  await engine.append({ streams: [{ streamId: parseStreamId('a'), expectedVersion: undefined, events }] });
  await engine.close();
  assert.equal((await dynamodb('verify', address.table)).code, 0);
  const table = new SdkTable(address);
  await table.put({ 'Entity ID': 'b', Version: 2, 'Event Type': 'Torn', Data: '' });
  table.close();
  assert.equal((await dynamodb('verify', address.table)).code, 65);
});

test('backfill brings in what was written without a feed', async () => {
  const address = await createTable(emulator);
  const table = new SdkTable(address);
  await table.put({ 'Entity ID': 'a', Version: 1, 'Event Type': 'Old', Data: '' });
  table.close();
  assert.equal((await dynamodb('backfill', address.table)).code, 0);
  const engine = await openDynamodbEngine(address);
  let events = 0;
  for await (const { count } of engine.readFeed({ after: 0 })) events += count;
  assert.equal(events, 1);
  await engine.close();
});

test('a table or region that is not named is a mistake of the configuration', async () => {
  assert.equal((await runStore({ args: ['dynamodb', 'policy'] })).code, 78);
  assert.equal((await runStore({ args: ['dynamodb', 'policy'], environment: { DYNAMODB_TABLE: 'a' } })).code, 78);
  assert.equal((await runStore({ args: ['serve'], environment: { DYNAMODB_TABLE: 'a' } })).code, 78);
  assert.equal((await dynamodb('policy', 'events')).code, 0);
  assert.equal((await dynamodb('unknown', 'events')).code, 64);
});
