/** What was acknowledged is there again after kill -9; under load, T4 of the programme shows it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { append, feed, serveIn, startedStore } from './support/store.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const event = (content: string) => ({ type: 'Noted', data: Buffer.from(content).toString('base64') });

test('after kill -9 everything acknowledged is there, and versions go on', async (context) => {
  const data = join(temporaryDirectory(context), 'data');
  const first = await startedStore(context, { args: serveIn(data) });
  await append(`${first.url}/account-1`, event('opened'));
  await append(`${first.url}/account-1`, [event('deposited'), event('withdrawn')]);
  await append(`${first.url}/account-2/1`, event('opened'));
  const before = await feed(first.url);
  assert.equal((await first.end('SIGKILL')).signal, 'SIGKILL');

  const second = await startedStore(context, { args: serveIn(data) });
  assert.deepEqual(await feed(second.url), before);
  const next = await append(`${second.url}/account-1`, event('closed'));
  assert.deepEqual([next.firstVersion, next.version, next.position], [4, 4, 5]);
});
