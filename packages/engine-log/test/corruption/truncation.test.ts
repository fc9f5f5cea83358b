/**
 * Files end too early, at every byte. What was known durable is missed and never looks complete;
 * only behind the durable point a torn tail is cut, at the end of an append, and kept.
 * Shows P-04, P-05.
 */
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { truthfullyServed } from '../../../../simulation/engine-log/damaged-store.ts';
import { checkedHistory, parseLine } from '../../../../simulation/engine-log/history.ts';
import { machineOn } from '../../../../simulation/engine-log/simulated-machine.ts';
import {
  headPath,
  type SmallStore,
  smallSegmentBytes,
  smallStore,
  withFile,
} from '../../../../simulation/engine-log/small-store.ts';
import { type DiskImage, durableDirectory } from '../../../../simulation/file-system/simulated-directory.ts';
import { effort } from '../support/effort.ts';

/** The short programme cuts at every second byte. */
const step = effort > 1 ? 1 : 2;

describe('a file that ends too early', async () => {
  const store = await smallStore();
  const last = store.segments.at(-1) as string;

  for (const path of store.segments) {
    it(`${basename(path)}, at every byte`, async (context) => {
      const bytes = (store.image.get(path) as Buffer).length;
      for (let end = 0; end < bytes; end += step) {
        const image = withFile(store.image, path, (content) => content.subarray(0, end));
        const { health, corrupt } = await truthfullyServed(image, store);
        assert.equal(health.state, 'read-only', `${end} bytes`);
        assert.ok(corrupt.length > 0, `${end} bytes`);
      }
      context.diagnostic(`${Math.ceil(bytes / step)} truncations`);
    });
  }

  it('head, at every 64th byte, and empty: nothing is missed', async () => {
    for (let end = 0; end < 8192; end += 64) {
      const image = withFile(store.image, headPath, (content) => content.subarray(0, end));
      assert.equal((await truthfullyServed(image, store)).health.state, 'ready', `${end} bytes`);
    }
  });

  it('the last segment, at every byte, where head is gone: a torn tail is cut and kept', async (context) => {
    const withoutHead = withFile(store.image, headPath, () => undefined);
    const content = store.image.get(last) as Buffer;
    const headerBytes = content.indexOf('\n') + 1;
    const lengths = new Set<number>();
    for (let end = headerBytes; end < content.length; end++) {
      const image = withFile(withoutHead, last, () => content.subarray(0, end));
      lengths.add(await cutTail(image, store, last));
    }
    assert.ok(lengths.size >= 3, 'several ends');
    context.diagnostic(`${content.length - headerBytes} truncations`);
  });

  it('the last segment after a kill, at every byte behind what head knows: cut, or noticed', async () => {
    const killed = await smallStore({ isClean: false });
    const path = killed.segments.at(-1) as string;
    const content = killed.image.get(path) as Buffer;
    const durableBytes = content.indexOf('\n\0') + 1;
    for (let end = durableBytes; end < content.length; end += 7) {
      const image = withFile(killed.image, path, () => content.subarray(0, end));
      assert.equal((await truthfullyServed(image, killed)).health.state, 'ready', 'zeros are no part of the log');
    }
    for (let end = durableBytes - 1; end > durableBytes - 300; end--) {
      const image = withFile(killed.image, path, () => content.subarray(0, end));
      assert.equal((await truthfullyServed(image, killed)).health.state, 'read-only', `${end} bytes`);
    }
    const torn = withFile(killed.image, path, () =>
      Buffer.from(content.fill('{"streamId":"a"', durableBytes, durableBytes + 15)),
    );
    const machine = machineOn(durableDirectory(torn), { segmentBytes: smallSegmentBytes });
    assert.deepEqual((await machine.open()).health(), { state: 'ready' });
    const kept = [...machine.fileSystem.image()].find(([each]) => each.startsWith('data/torn/'))?.[1];
    assert.equal(kept?.toString('utf8'), '{"streamId":"a"', 'without the zeros behind it');
  });
});

/** Opens a store whose end is torn, checks what is left of it, and returns how many events those are. */
async function cutTail(image: DiskImage, store: SmallStore, last: string): Promise<number> {
  const machine = machineOn(durableDirectory(image), { segmentBytes: smallSegmentBytes });
  const engine = await machine.open();
  assert.deepEqual(engine.health(), { state: 'ready' });
  const served = await checkedHistory(engine);
  assert.deepEqual(served, store.lines.slice(0, served.length));
  const { position, commit = position } = parseLine(served.at(-1) as string);
  assert.equal(position, commit, 'it ends with a whole append');
  const kept = [...machine.fileSystem.image()].find(([path]) => path.startsWith('data/torn/'))?.[1];
  const before = image.get(last) as Buffer;
  const startOfLast = before.indexOf(`${served.at(-1)}\n`);
  const cut = before.subarray(before.indexOf('\n', Math.max(0, startOfLast)) + 1);
  assert.deepEqual(kept ?? Buffer.alloc(0), cut, 'what was cut is kept');
  return served.length;
}
