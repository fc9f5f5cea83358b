/** The simulated disk itself: what it keeps and what it loses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepEverything, keepNothing, keepSome } from '../../../../simulation/file-system/crash.ts';
import { SimulatedFileSystem } from '../../../../simulation/file-system/simulated-file-system.ts';
import { seededRandom } from '../../../../simulation/seeded-random.ts';

const sectorBytes = 4;
const text = (content: string) => Buffer.from(content, 'latin1');

async function contentOf(fileSystem: SimulatedFileSystem, path: string): Promise<string | undefined> {
  const found = await fileSystem.stat(path);
  if (found === undefined) return undefined;
  const content = Buffer.alloc(found.bytes);
  await (await fileSystem.open(path, 'read')).read(content, 0);
  return content.toString('latin1');
}

/** A disk with one durable file. */
async function diskWith(content: string, options = {}): Promise<SimulatedFileSystem> {
  return SimulatedFileSystem.holding(new Map([['file', text(content)]]), { sectorBytes, ...options });
}

function after(fileSystem: SimulatedFileSystem, choose = keepNothing): SimulatedFileSystem {
  return new SimulatedFileSystem({ state: fileSystem.stateAfterCrash(choose), sectorBytes });
}

test('a crash loses what was not synced, and keeps what was', async () => {
  const disk = await diskWith('aaaabbbb');
  const file = await disk.open('/file', 'write');
  file.write(text('cccc'), 4);
  assert.equal(await contentOf(disk, '/file'), 'aaaacccc');
  assert.equal(await contentOf(after(disk), '/file'), 'aaaabbbb');
  assert.equal(await contentOf(after(disk, keepEverything), '/file'), 'aaaacccc');
  await file.sync();
  assert.equal(await contentOf(after(disk), '/file'), 'aaaacccc');
});

test('a crash keeps any sectors of a write, and any of the lengths', async () => {
  const disk = await diskWith('aaaa');
  (await disk.open('/file', 'write')).write(text('ccccdddd'), 4);
  const seen = new Set<string>();
  for (let seed = 0; seed < 200; seed++) {
    seen.add((await contentOf(after(disk, keepSome(seededRandom(seed))), '/file')) as string);
  }
  assert.deepEqual(
    [...seen].sort(),
    ['aaaa', 'aaaacccc\0\0\0\0', 'aaaaccccdddd', 'aaaa\0\0\0\0dddd', 'aaaa\0\0\0\0\0\0\0\0'].sort(),
  );
});

test('names last only once their directory is synced', async () => {
  const disk = await diskWith('old');
  const made = await disk.open('/new', 'create');
  made.write(text('new'), 0);
  await made.sync();
  await disk.rename('/new', '/file');
  assert.equal(await contentOf(disk, '/file'), 'new');
  assert.equal(await contentOf(after(disk), '/file'), 'old');
  await disk.syncDirectory('/');
  assert.equal(await contentOf(after(disk), '/file'), 'new');
  assert.equal(await contentOf(after(disk), '/new'), undefined);
});

test('a failed sync leaves the cache new, the disk old, and nothing to write', async () => {
  const disk = await diskWith('aaaa', {
    fault: ({ number }: { number: number }) => (number === 3 ? 'EIO' : undefined),
    seed: 2,
  });
  const file = await disk.open('/file', 'write');
  file.write(text('bbbb'), 0);
  await assert.rejects(file.sync(), { code: 'EIO', syscall: 'fdatasync' });
  assert.equal(await contentOf(disk, '/file'), 'bbbb');
  const restarted = new SimulatedFileSystem({ state: disk.state(), sectorBytes });
  const again = await restarted.open('/file', 'write');
  await again.sync();
  assert.equal(await contentOf(after(restarted), '/file'), 'aaaa', 'the page was clean');
  again.write(text('bbbb'), 0);
  await again.sync();
  assert.equal(await contentOf(after(restarted), '/file'), 'bbbb', 'written again it is not');
  assert.equal(disk.syncsAfterFailure, 0);
  await file.sync();
  assert.equal(disk.syncsAfterFailure, 1);
  assert.equal(await contentOf(after(disk), '/file'), 'aaaa', 'the second sync had nothing to write');
});

test('a full disk takes what fits and refuses the rest', async () => {
  const disk = await diskWith('aaaa');
  disk.capacityBytes = 6;
  const file = await disk.open('/file', 'write');
  assert.throws(() => file.write(text('bbbb'), 4), { code: 'ENOSPC' });
  assert.equal(await contentOf(disk, '/file'), 'aaaabb');
  file.write(text('cccc'), 0);
  disk.capacityBytes = 8;
  file.write(text('dddd'), 4);
  assert.equal(await contentOf(disk, '/file'), 'ccccdddd');
});

test('one seed is one disk', async () => {
  const disk = await diskWith('a'.repeat(64));
  (await disk.open('/file', 'write')).write(text('b'.repeat(128)), 16);
  const one = await contentOf(after(disk, keepSome(seededRandom(7))), '/file');
  assert.equal(await contentOf(after(disk, keepSome(seededRandom(7))), '/file'), one);
});
