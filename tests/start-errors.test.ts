/** One exit code for each reason not to start, one line on stderr, and nothing on disk changed. Shows P-09. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runStore, type StoreCommand } from '../scripts/store-process.ts';
import { firstSegment, stoppedStore } from './support/stopped-store.ts';
import { serveIn, startedStore } from './support/store.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';
import { withoutPower } from './support/without-power.ts';

async function refused(command: StoreCommand, code: number): Promise<string> {
  const ended = await runStore(command);
  assert.equal(ended.code, code, ended.stderr);
  assert.match(ended.stderr, /^event-store: [^\n]+\n$/);
  return ended.stderr;
}

for (const args of [['serve', '--prot', '1'], ['serve', '--port', '65536'], ['serve', 'again'], ['explode']]) {
  test(`${args.join(' ')}: 64`, async () => {
    await refused({ args }, 64);
  });
}

test('a bad variable: 64, and it is named', async () => {
  const environment = { EVENT_STORE_SEGMENT_BYTES: 'much' };
  assert.match(await refused({ args: [], environment }, 64), /EVENT_STORE_SEGMENT_BYTES/);
});

test('a directory with files of somebody else: 65, and they stay', async (context) => {
  const data = temporaryDirectory(context);
  writeFileSync(join(data, 'letter.txt'), 'Dear reader');
  await refused({ args: serveIn(data) }, 65);
  assert.deepEqual(readdirSync(data), ['letter.txt']);
});

test('a port in use: 69, and no data directory', async (context) => {
  const directory = temporaryDirectory(context);
  const { port } = await startedStore(context, { args: serveIn(join(directory, 'first')) });
  const second = join(directory, 'second');
  const said = await refused({ args: ['--port', `${port}`, '--data', second] }, 69);
  assert.match(said, /another with --port, or stop the program that has it/);
  assert.equal(existsSync(second), false);
});

test('a parent that does not exist: 73', async (context) => {
  const directory = temporaryDirectory(context);
  await refused({ args: serveIn(join(directory, 'parent', 'data')) }, 73);
  assert.deepEqual(readdirSync(directory), []);
});

test('a file where the directory should be: 73', async (context) => {
  const file = join(temporaryDirectory(context), 'data');
  writeFileSync(file, '');
  await refused({ args: serveIn(file) }, 73);
});

test('a directory that another process owns: 75, and its process id is named', async (context) => {
  const data = join(temporaryDirectory(context), 'data');
  const { processId, url } = await startedStore(context, { args: serveIn(data) });
  assert.match(await refused({ args: serveIn(data) }, 75), new RegExp(`\\b${processId}\\b`));
  assert.equal((await fetch(url)).status, 200);
});

test('a directory that may not be written: 77', async (context) => {
  const launcher = withoutPower(context);
  if (launcher === undefined) return;
  const parent = temporaryDirectory(context);
  chmodSync(parent, 0o555);
  await refused({ args: serveIn(join(parent, 'data')), launcher }, 77);
  const data = join(temporaryDirectory(context), 'data');
  mkdirSync(data, { mode: 0o555 });
  await refused({ args: serveIn(data), launcher }, 77);
});

for (const path of ['store.json', firstSegment]) {
  test(`a store whose ${path} may not be read: 77`, async (context) => {
    const launcher = withoutPower(context);
    if (launcher === undefined) return;
    const data = await stoppedStore(context);
    chmodSync(join(data, path), 0o000);
    assert.match(await refused({ args: serveIn(data), launcher }, 77), /change its owner/);
  });
}

test('a DynamoDB table in a build without its engine: 78', async () => {
  await refused({ args: serveIn('data'), environment: { DYNAMODB_TABLE: 'events' } }, 78);
});
