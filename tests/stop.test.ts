/** A signal to stop: what is under way finishes, nothing new is taken, the exit code is 0. Shows P-19. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { append, feed, serveIn, startedStore } from './support/store.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} ends with 0, without a word on stderr`, async (context) => {
    const data = join(temporaryDirectory(context), 'data');
    const store = await startedStore(context, { args: serveIn(data) });
    await append(`${store.url}/account`, { type: 'Opened', data: '' });
    assert.deepEqual(await store.end(signal), { code: 0, signal: null, stderr: '' });
    assert.ok(existsSync(join(data, 'log')));
  });
}

test('appends that were answered before the end are there after it', async (context) => {
  const data = join(temporaryDirectory(context), 'data');
  const { url, end } = await startedStore(context, { args: serveIn(data) });
  const appends = Array.from({ length: 50 }, (_, index) => post(`${url}/stream-${index}`));
  await Promise.race(appends);
  const ended = end('SIGTERM');
  const stored = (await Promise.all(appends)).filter((status) => status === 200).length;
  assert.equal((await ended).code, 0);
  const again = await startedStore(context, { args: serveIn(data) });
  assert.equal((await feed(again.url)).length, stored);
});

/** The status, or none if the connection was refused or closed instead of an answer. */
async function post(target: string): Promise<number | undefined> {
  try {
    return (await fetch(target, { method: 'POST', body: '{"type":"Opened","data":""}' })).status;
  } catch {
    return undefined;
  }
}
