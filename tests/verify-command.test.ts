/** `event-store verify` as an operator runs it: what it prints, how it ends, and that it stays out of a store in use. */
import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runStore } from '../scripts/store-process.ts';
import { countedEvent, firstSegment, flipByte, stoppedStore } from './support/stopped-store.ts';
import { append, serveIn, startedStore } from './support/store.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';
import { withoutPower } from './support/without-power.ts';

test('an intact store: 0, in words and for machines, and no progress where nobody looks', async (context) => {
  const data = await stoppedStore(context);
  const plain = await runStore({ args: ['verify', data] });
  assert.deepEqual([plain.code, plain.stderr], [0, '']);
  assert.match(plain.stdout, /^5 events in 2 streams intact; 1 segment, \d+ bytes\.\nThe store is intact\.\n$/);
  const { code, stdout } = await runStore({ args: ['verify', '--json'], environment: { EVENT_STORE_DATA: data } });
  const { isIntact, findings, events } = JSON.parse(stdout);
  assert.deepEqual([code, isIntact, findings, events], [0, true, [], 5]);
});

test('a damaged store: 65, and the place is named', async (context) => {
  const data = await stoppedStore(context);
  flipByte(join(data, firstSegment), '"version":2');
  const { code, stdout, stderr } = await runStore({ args: ['verify', data] });
  assert.equal(code, 65);
  assert.match(stderr, /^event-store: [^\n]+\n$/);
  assert.match(stdout, new RegExp(`^damage: ${firstSegment}, byte \\d+, \\d+ bytes, position 2: `));
  assert.match(stdout, /\b4 events in 2 streams intact/);
});

test('a store that runs: 75, with its process id, and it goes on', async (context) => {
  const data = join(temporaryDirectory(context), 'data');
  const { processId, url } = await startedStore(context, { args: serveIn(data) });
  const { code, stderr } = await runStore({ args: ['verify', data] });
  assert.equal(code, 75);
  assert.match(stderr, new RegExp(`\\b${processId}\\b`));
  assert.equal((await append(`${url}/one`, countedEvent(1))).version, 1);
});

test('no store: 66, and nothing is made there', async (context) => {
  const directory = temporaryDirectory(context);
  for (const data of [directory, join(directory, 'missing')]) {
    assert.equal((await runStore({ args: ['verify', data] })).code, 66);
  }
});

for (const [what, path] of [
  ['the directory', ''],
  ['store.json', 'store.json'],
  ['a segment', firstSegment],
] as const) {
  test(`${what} may not be read: 77, and it is not said that anything is lost`, async (context) => {
    const launcher = withoutPower(context);
    if (launcher === undefined) return;
    const data = await stoppedStore(context);
    chmodSync(join(data, path), 0o000);
    for (const args of [
      ['verify', data],
      ['repair', '--yes', data],
    ]) {
      const { code, stderr } = await runStore({ args, launcher });
      assert.deepEqual(
        [code, stderr],
        [77, `event-store: ${data} cannot be written by this user; change its owner or choose another\n`],
      );
    }
    chmodSync(join(data, path), 0o700);
    assert.equal((await runStore({ args: ['verify', data], launcher })).code, 0);
  });
}

test('a file instead of a directory: 66', async (context) => {
  const file = join(temporaryDirectory(context), 'file');
  writeFileSync(file, '');
  assert.equal((await runStore({ args: ['verify', file] })).code, 66);
});
