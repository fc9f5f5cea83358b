/** Files that are missing, cut, overwritten or somebody else's: whatever is left is served after a repair, in its place. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseLine } from '../../../../simulation/engine-log/history.ts';
import { headPath, smallStore, withFile } from '../../../../simulation/engine-log/small-store.ts';
import type { DiskImage } from '../../../../simulation/file-system/simulated-directory.ts';
import { effort } from '../support/effort.ts';
import { verifyImage } from '../verify/verify-small-store.ts';
import { expectRepaired, repairImage, withIndex } from './repair-image.ts';

const store = await smallStore();
const [first, second, last] = store.segments as [string, string, string];
/** Repairs with and without an index; returns the positions given up. */
async function tryRepair(image: DiskImage): Promise<readonly number[]> {
  const { isIntact, findings } = await verifyImage(image);
  assert.equal(isIntact, false, 'the damage is found');
  assert.ok(findings.length > 0);
  let lost: readonly number[] = [];
  for (const each of [image, withIndex(image, store.lines)]) {
    const { outcome, planned, fileSystem } = await repairImage(each);
    assert.equal(outcome, 'repaired');
    lost = await expectRepaired(fileSystem, store);
    const names = lost.map((position) => nameOf(store.lines[position - 1] as string));
    if (each === image)
      assert.deepEqual(
        planned?.events.map(({ position }) => position),
        lost,
      );
    else assert.deepEqual(planned?.events, names, 'the index knows whose they were');
  }
  return lost;
}

function nameOf(line: string) {
  const { position, streamId, version } = parseLine(line);
  return { position, streamId, version };
}

function positionsIn(path: string): number[] {
  const text = (store.image.get(path) as Buffer).toString('utf8');
  return store.lines.flatMap((line, at) => (text.includes(`${line}\n`) ? [at + 1] : []));
}

describe('a segment', () => {
  for (const path of store.segments) {
    it(`${path} is missing: just its events are given up`, async () => {
      assert.deepEqual(await tryRepair(withFile(store.image, path, () => undefined)), positionsIn(path));
    });

    it(`${path} is cut, at every byte`, async () => {
      const bytes = (store.image.get(path) as Buffer).length;
      for (let end = 0; end < bytes; end += effort > 1 ? 1 : 13) {
        const lost = await tryRepair(withFile(store.image, path, (content) => content.subarray(0, end)));
        assert.ok(lost.length > 0 && lost.every((position) => positionsIn(path).includes(position)), `${end} bytes`);
      }
    });

    it(`${path} has zeros, or rubbish, in place of a run of bytes`, async () => {
      const bytes = (store.image.get(path) as Buffer).length;
      for (let at = 0; at < bytes; at += effort > 1 ? 16 : 128) {
        const end = Math.min(bytes, at + 64);
        for (const filling of [0, '\n"x{']) {
          const lost = await tryRepair(withFile(store.image, path, (content) => content.fill(filling, at, end)));
          assert.ok(lost.length <= 3, `${lost.length} of byte ${at}`);
        }
      }
    });
  }

  it('every one is missing', async () => {
    const image = new Map([...store.image].filter(([path]) => !path.endsWith('.ndjson')));
    assert.equal((await tryRepair(image)).length, store.lines.length);
  });

  it('two stand under each other’s names, or one stands twice', async () => {
    const swapped = new Map(store.image).set(first, store.image.get(second)).set(second, store.image.get(first));
    assert.deepEqual(await tryRepair(swapped), [...positionsIn(first), ...positionsIn(second)]);
    assert.deepEqual(await tryRepair(new Map(store.image).set(second, store.image.get(first))), positionsIn(second));
  });

  it('is of another life of the store: nothing in it is believed', async () => {
    const other = await smallStore({ life: '.' });
    for (const path of [second, last]) {
      const lost = await tryRepair(new Map(store.image).set(path, other.image.get(path)));
      assert.ok(positionsIn(path).every((position) => lost.includes(position)));
    }
  });
});

describe('lines', () => {
  it('stand in each other’s places, twice, or not at all', async () => {
    for (const path of store.segments) {
      await tryRepair(withLines(path, ([header, a, b, ...rest]) => [header, b, a, ...rest]));
      await tryRepair(withLines(path, ([header, a, ...rest]) => [header, a, a, ...rest]));
      await tryRepair(withLines(path, ([header, _, ...rest]) => [header, ...rest]));
    }
  });

  it('are missing at the end, where only the index still knows: it is a witness of theirs', async () => {
    const image = withFile(
      withFile(store.image, headPath, () => undefined),
      last,
      (content) => content.subarray(0, content.indexOf('\n') + 1),
    );
    assert.equal((await verifyImage(image)).isIntact, true, 'nothing tells it from a shorter log');
  });
});

function withLines(path: string, change: (lines: string[]) => (string | undefined)[]): DiskImage {
  return withFile(store.image, path, (content) => {
    const lines = content.toString('utf8').split('\n').slice(0, -1);
    return Buffer.from(`${change(lines).join('\n')}\n`);
  });
}
