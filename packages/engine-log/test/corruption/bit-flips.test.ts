/** One bit of a store changes, wherever it is: it is found at the start, named, and never served. Shows P-03. */
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { StartError } from '@event-store/core';
import { type Served, truthfullyServed } from '../../../../simulation/engine-log/damaged-store.ts';
import { checkedHistory } from '../../../../simulation/engine-log/history.ts';
import { machineOn } from '../../../../simulation/engine-log/simulated-machine.ts';
import {
  flipBit,
  headPath,
  type SmallStore,
  smallStore,
  storePath,
  withFile,
} from '../../../../simulation/engine-log/small-store.ts';
import { durableDirectory } from '../../../../simulation/file-system/simulated-directory.ts';
import { effort } from '../support/effort.ts';

/** The short programme changes one bit of each byte, another one in each. */
const bitsPerByte = Math.min(8, effort);

async function withFlips(
  store: SmallStore,
  path: string,
  check: (served: Served, bit: number) => void,
): Promise<number> {
  let flips = 0;
  const bytes = (store.image.get(path) as Buffer).length;
  for (let at = 0; at < bytes; at++) {
    for (let i = 0; i < bitsPerByte; i++, flips++) {
      const bit = at * 8 + ((at + i) % 8);
      try {
        check(
          await truthfullyServed(
            withFile(store.image, path, (content) => flipBit(content, bit)),
            store,
          ),
          bit,
        );
      } catch (cause) {
        throw new Error(`bit ${bit % 8} of byte ${at} of ${path}`, { cause });
      }
    }
  }
  return flips;
}

describe('a flipped bit', async () => {
  const store = await smallStore();
  assert.ok(store.segments.length >= 3);

  for (const path of store.segments) {
    it(`in ${basename(path)}`, async (context) => {
      const lines = (store.image.get(path) as Buffer).toString('utf8').split('\n');
      const headerBytes = Buffer.byteLength(`${lines[0]}\n`);
      const flips = await withFlips(store, path, ({ health, corrupt, doubted }, bit) => {
        assert.equal(health.state, 'read-only');
        assert.ok('reason' in health && health.reason.includes(basename(path)), 'the file is named');
        if (bit >> 3 < headerBytes) return;
        assert.ok(
          doubted.length === 0 || path === store.segments.at(-1),
          'only a missing end makes all streams doubtful',
        );
        assert.ok(corrupt.length === 1 || corrupt.length === 2, `${corrupt.length} events are not served`);
      });
      context.diagnostic(`${flips} flips`);
    });
  }

  it('in head', async (context) => {
    let flips = 0;
    for (const slot of [0, 4096]) {
      const bytes = (store.image.get(headPath) as Buffer).indexOf('\n', slot) + 1 - slot;
      for (let bit = slot * 8; bit < (slot + bytes) * 8; bit += 3, flips++) {
        const image = withFile(store.image, headPath, (content) => flipBit(content, bit));
        assert.equal((await truthfullyServed(image, store)).health.state, 'ready', `bit ${bit}`);
      }
    }
    context.diagnostic(`${flips} flips`);
  });

  it('in the last segment, where head is gone: only the end behind what is known durable may be cut', async () => {
    const withoutHead = withFile(store.image, headPath, () => undefined);
    const path = store.segments.at(-1) as string;
    const content = store.image.get(path) as Buffer;
    const durable = store.lines.slice(0, -2);
    const durableBytes = content.indexOf(durable.at(-1) as string);
    let cuts = 0;
    for (let at = content.indexOf('\n') + 1; at < content.length; at += 2) {
      const image = withFile(withoutHead, path, () => flipBit(Buffer.from(content), at * 8 + (at % 8)));
      const engine = await machineOn(durableDirectory(image)).open();
      const isReady = engine.health().state === 'ready';
      assert.ok(!isReady || at >= durableBytes, `byte ${at}`);
      if (isReady) assert.ok((await checkedHistory(engine)).length >= durable.length - 1, `byte ${at}`);
      if (isReady) cuts++;
    }
    assert.ok(cuts > 50 && durableBytes > 0);
  });

  it('in store.json', async () => {
    let refused = 0;
    const bytes = (store.image.get(storePath) as Buffer).length;
    for (let bit = 0; bit < bytes * 8; bit += 2) {
      const image = withFile(store.image, storePath, (content) => flipBit(content, bit));
      try {
        await truthfullyServed(image, store);
      } catch (error) {
        if (!(error instanceof StartError && error.kind === 'foreign-data')) throw error;
        refused++;
      }
    }
    assert.ok(refused > bytes * 2, 'most bits tell what the store is');
  });
});
