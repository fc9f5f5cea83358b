/** Checking and repairing on a disk that is really full, or really mounted read-only. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runStore } from '../scripts/store-process.ts';
import { firstSegment, flipByte, stoppedStore } from './support/stopped-store.ts';
import { serveIn } from './support/store.ts';

/** A small disk of its own; `undefined` where this user cannot have one. */
function mountedDisk(context: TestContext): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'event-store-disk-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', directory]);
  context.after(() => {
    if (status === 0) execFileSync('umount', [directory]);
    rmdirSync(directory);
  });
  if (status === 0) return directory;
  context.skip('SKIPPED (no tmpfs can be mounted here)');
  return undefined;
}

function fill(disk: string): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'filling'), Buffer.alloc(bavail * bsize, 1));
}

const remount = (disk: string, mode: 'ro' | 'rw') => execFileSync('mount', ['-o', `remount,${mode}`, disk]);

test('a damaged store on a full disk: it is checked, a repair changes nothing, and works once there is room', async (context) => {
  const disk = mountedDisk(context);
  if (disk === undefined) return;
  const data = join(disk, 'data');
  cpSync(await stoppedStore(context), data, { recursive: true });
  const segment = join(data, firstSegment);
  flipByte(segment, '"data":"Mg=="');
  const damaged = readFileSync(segment);
  fill(disk);
  assert.equal((await runStore({ args: ['verify', data] })).code, 65);
  const failed = await runStore({ args: ['repair', '--yes', data] });
  assert.equal(failed.code, 73, failed.stderr);
  assert.match(failed.stderr, /^event-store: [^\n]*disk is full[^\n]*\n$/);
  assert.deepEqual(readFileSync(segment), damaged);
  assert.deepEqual(readdirSync(join(data, 'log')), ['00000000000000000001.ndjson']);
  rmSync(join(disk, 'filling'));
  const told = await runStore({ args: ['repair', '--yes', data] });
  assert.equal(told.code, 0, told.stderr);
  assert.match(told.stdout, /^give up: position 2, stream "one" version 2$/m);
});

test('a store on a disk that is mounted read-only: it is checked, and cannot be repaired or served', async (context) => {
  const disk = mountedDisk(context);
  if (disk === undefined) return;
  const data = join(disk, 'data');
  cpSync(await stoppedStore(context), data, { recursive: true });
  remount(disk, 'ro');
  const { code, stdout } = await runStore({ args: ['verify', data] });
  assert.deepEqual([code, stdout.includes('The store is intact.')], [0, true]);
  assert.equal((await runStore({ args: serveIn(data) })).code, 77);
  remount(disk, 'rw');
  flipByte(join(data, firstSegment), '"data":"Mg=="');
  remount(disk, 'ro');
  assert.equal((await runStore({ args: ['verify', data] })).code, 65);
  assert.equal((await runStore({ args: ['repair', '--yes', data] })).code, 77);
});
