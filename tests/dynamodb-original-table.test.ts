/** A table of the original service, end to end: served over HTTP as it is, appended to, backfilled by the command. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SdkTable } from '../packages/engine-dynamodb/src/sdk-table.ts';
import { createTable, startDynoxide } from '../packages/engine-dynamodb/test/emulator.ts';
import { runStore } from '../scripts/store-process.ts';
import { append, feed, startedStore } from './support/store.ts';

test('a table of the original service is served, appended to, and in the feed after a backfill', async (context) => {
  const emulator = await startDynoxide();
  context.after(() => emulator.stop());
  const address = await createTable(emulator);
  const table = new SdkTable(address);
  for (const [streamId, version] of [
    ['account-1', 1],
    ['account-1', 2],
    ['account-2', 1],
  ] as const) {
    await table.put({ 'Entity ID': streamId, Version: version, 'Event Type': 'Opened', Data: 'eyJhIjoxfQ==' });
  }
  table.close();
  const environment = {
    DYNAMODB_TABLE: address.table,
    AWS_REGION: address.region,
    AWS_ENDPOINT_URL_DYNAMODB: address.endpoint,
    AWS_ACCESS_KEY_ID: 'emulator',
    AWS_SECRET_ACCESS_KEY: 'emulator',
  };
  const { url } = await startedStore(context, { args: ['serve', '--port', '0'], environment });

  const page = await fetch(`${url}/account-1?limit=1`);
  assert.deepEqual(await page.json(), {
    pagination: { nextOffset: 2 },
    payload: [{ streamId: 'account-1', version: 1, type: 'Opened', data: 'eyJhIjoxfQ==' }],
  });
  const taken = await fetch(`${url}/account-1/2`, { method: 'POST', body: JSON.stringify({ type: 'A', data: '' }) });
  const { currentVersion } = (await taken.json()) as { currentVersion: number };
  assert.deepEqual([taken.status, currentVersion], [409, 2]);
  assert.equal((await append(`${url}/account-1/3`, { type: 'Closed', data: '' })).version, 3);
  assert.deepEqual(
    (await feed(url)).map(({ streamId }) => streamId),
    ['account-1', 'account-1', 'account-1'],
  );
  assert.equal((await runStore({ args: ['dynamodb', 'backfill'], environment })).code, 0);
  assert.deepEqual(
    (await feed(url)).map(({ streamId }) => streamId),
    ['account-1', 'account-1', 'account-1', 'account-2'],
  );
  assert.equal((await runStore({ args: ['dynamodb', 'verify'], environment })).code, 0);
});
