/** One bit of the log changes: a repair gives up at most that event, by its name, and keeps the bytes. */
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { parseLine } from '../../../../simulation/engine-log/history.ts';
import { flipBit, smallStore, withFile } from '../../../../simulation/engine-log/small-store.ts';
import { effort } from '../support/effort.ts';
import { expectRepaired, repairDisk, repairImage } from './repair-image.ts';

/** The short programme flips a bit in every seventh byte. */
const step = effort > 1 ? 1 : 7;

describe('a flipped bit', async () => {
  const store = await smallStore();

  for (const path of store.segments) {
    it(`in ${basename(path)}`, async () => {
      const content = store.image.get(path) as Buffer;
      const lostCounts = new Set<number>();
      for (let at = 0; at < content.length; at += step) {
        try {
          const image = withFile(store.image, path, (bytes) => flipBit(bytes, at * 8 + (at % 8)));
          lostCounts.add(await tryRepair(image));
        } catch (cause) {
          throw new Error(`bit ${at % 8} of byte ${at}`, { cause });
        }
      }
      assert.deepEqual([...lostCounts].sort(), [0, 1]);
    });
  }

  async function tryRepair(image: Parameters<typeof repairImage>[0]): Promise<number> {
    const { outcome, planned, fileSystem, report } = await repairImage(image);
    assert.equal(outcome, 'repaired');
    const lost = await expectRepaired(fileSystem, store);
    assert.deepEqual(
      planned?.events.map(({ position }) => position),
      lost,
      'what was announced is what is lost',
    );
    const names = lost.map((position) => {
      const { streamId, version } = parseLine(store.lines[position - 1] as string);
      return { position, streamId, version };
    });
    assert.deepEqual(planned?.events, names, 'and whose it was');
    assert.equal(report.lostEvents, lost.length);
    assert.ok(
      [...fileSystem.image().keys()].some((each) => each.startsWith('data/repaired/')),
      'the damaged bytes are kept',
    );
    const again = await repairDisk({ state: fileSystem.state() });
    assert.equal(again.outcome, 'intact');
    assert.deepEqual(again.fileSystem.image(), fileSystem.image(), 'a second repair changes nothing');
    return lost.length;
  }

  it('nothing is changed unless told to', async () => {
    const image = withFile(store.image, store.segments[0] as string, (bytes) => flipBit(bytes, 2_000));
    const { outcome, fileSystem, planned } = await repairImage(image, { isTold: false });
    assert.deepEqual([outcome, planned?.events.length], ['refused', 1]);
    assert.deepEqual(new Map(fileSystem.image()), new Map(image));
  });
});
