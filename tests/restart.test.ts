/** What was acknowledged is there again, however the process ended. */
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

test('killed at any moment of a load, it holds what it acknowledged, in order', async (context) => {
  const data = join(temporaryDirectory(context), 'data');
  const acknowledged = new Set<string>();
  for (let cycle = 1; cycle <= 3; cycle++) {
    const { url, end } = await startedStore(context, { args: [...serveIn(data), '--segment-bytes', '4096'] });
    const writers = Array.from({ length: 8 }, (_, writer) =>
      appendUntilItBreaks(`${url}/writer-${writer}`, acknowledged),
    );
    const enough = acknowledged.size + 200;
    while (acknowledged.size < enough) await append(`${url}/main`, event('tick'));
    await end('SIGKILL');
    await Promise.all(writers);
  }
  const { url } = await startedStore(context, { args: serveIn(data) });
  const stored = new Set((await feed(url)).map(({ data: content }) => content));
  assert.deepEqual(
    [...acknowledged].filter((content) => !stored.has(content)),
    [],
  );
});

async function appendUntilItBreaks(target: string, acknowledged: Set<string>): Promise<void> {
  for (;;) {
    const { type, data } = event(crypto.randomUUID());
    try {
      await append(target, { type, data });
    } catch (error) {
      if (error instanceof TypeError) return;
      throw error;
    }
    acknowledged.add(data);
  }
}
