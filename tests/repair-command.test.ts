/**
 * `event-store repair` as an operator runs it: nothing is given up unasked, and what was is gone for good, in its place.
 * Shows P-04.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runStore } from '../scripts/store-process.ts';
import { countedEvent, firstSegment, flipByte, stoppedStore } from './support/stopped-store.ts';
import { append, feed, serveIn, startedStore } from './support/store.ts';

test('one damaged line: shown, given up once told to, answered with 410, and the stream goes on', async (context) => {
  const data = await stoppedStore(context);
  const segment = join(data, firstSegment);
  flipByte(segment, '"data":"Mg=="');
  const damaged = readFileSync(segment);

  const asked = await runStore({ args: ['repair', data] });
  assert.equal(asked.code, 65);
  assert.match(asked.stdout, /^give up: position 2, stream "one" version 2$/m);
  assert.deepEqual(readFileSync(segment), damaged, 'nothing was changed');

  const told = await runStore({ args: ['repair', '--yes', data] });
  assert.deepEqual([told.code, told.stderr], [0, '']);
  const [kept = ''] = readdirSync(join(data, 'repaired'));
  assert.ok(damaged.includes(readFileSync(join(data, 'repaired', kept))));

  const { url } = await startedStore(context, { args: serveIn(data) });
  assert.equal((await fetch(`${url}/-/health/ready`)).status, 200);
  const lost = await fetch(`${url}/one/2`);
  assert.equal(lost.status, 410);
  assert.equal(((await lost.json()) as { code: string }).code, 'event-lost');
  assert.deepEqual(
    (await feed(url)).map(({ streamId }) => streamId),
    ['one', 'one', 'two', 'two'],
  );
  const page = await fetch(`${url}/one`);
  const { payload, pagination } = (await page.json()) as { payload: { version: number }[]; pagination: object };
  assert.deepEqual([payload.map(({ version }) => version), pagination], [[1, 3], { nextOffset: 4 }]);
  assert.deepEqual(await append(`${url}/one/4`, countedEvent(6)), {
    streamId: 'one',
    firstVersion: 4,
    version: 4,
    position: 6,
  });
});

test('where nothing has to be cut, nothing is said to have been', async (context) => {
  const data = await stoppedStore(context);
  const segment = join(data, firstSegment);
  const lines = readFileSync(segment, 'utf8').split('\n');
  writeFileSync(segment, lines.filter((line) => !line.includes('"position":5')).join('\n'));
  const { code, stdout } = await runStore({ args: ['repair', '--yes', data] });
  assert.equal(code, 0);
  assert.match(stdout, /^The store is repaired: 4 events intact, 1 event given up in all\.$/m);
  assert.equal(existsSync(join(data, 'repaired')), false);
  assert.match((await runStore({ args: ['verify', data] })).stdout, /intact, 1 was given up in a repair;/);
});

test('an intact store, and one that was repaired: 0, and nothing is done', async (context) => {
  const data = await stoppedStore(context);
  const before = readFileSync(join(data, firstSegment));
  const { code, stdout } = await runStore({ args: ['repair', '--yes', data] });
  assert.deepEqual([code, stdout], [0, 'The store is intact; there is nothing to repair.\n']);
  assert.deepEqual(readFileSync(join(data, firstSegment)), before);
});

test('events of which nobody knows the stream are given up only when that is said', async (context) => {
  const data = await stoppedStore(context);
  rmSync(join(data, 'index'), { recursive: true });
  rmSync(join(data, firstSegment));
  assert.equal((await runStore({ args: ['repair', '--yes', data] })).code, 65);
  const { code, stdout } = await runStore({ args: ['repair', '--yes', '--give-up-unknown', data] });
  assert.equal(code, 0);
  assert.match(stdout, /^give up: position 5, stream "-\/lost" version 5$/m);
  const { url } = await startedStore(context, { args: serveIn(data) });
  assert.equal((await append(`${url}/one`, countedEvent(1))).position, 6, 'no position is given twice');
});
