/**
 * Neighbouring lines of another store in the place of one's own: same lengths, streams, versions and
 * positions, and each follows from the one before it, as where it is from. None is believed. Shows P-03.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseStreamId, type StorageEngine } from '@event-store/core';
import { feedLines, linesOf, parseLine } from '../../../../simulation/engine-log/history.ts';
import { sampleAppend } from '../../../../simulation/engine-log/sample-appends.ts';
import {
  machineOn,
  SimulatedMachine,
  type SimulatedMachineOptions,
} from '../../../../simulation/engine-log/simulated-machine.ts';
import { type SmallStore, withFile } from '../../../../simulation/engine-log/small-store.ts';
import { type DiskImage, durableDirectory } from '../../../../simulation/file-system/simulated-directory.ts';
import { encodeLostLine } from '../../src/format/lost-line.ts';
import { segmentSalt } from '../../src/format/segment-salt.ts';
import { formatVersion } from '../../src/format/store-file.ts';
import { expectRepaired, repairImage } from '../repair/repair-image.ts';
import { verifyImage } from '../verify/verify-small-store.ts';

const segmentBytes = 9_000;
const events = 60;

/** What one program makes of two stores: `letter` is all that is not the same in their events. */
async function storeOf(storeId: string, letter: string): Promise<SmallStore> {
  const machine = new SimulatedMachine({ segmentBytes, storeId });
  const engine = await machine.open();
  for (let number = 100; number < 100 + events; number++) {
    const streamId = ['a', 'b', 'c'][number % 3] as string;
    await engine.append(sampleAppend({ streamId, name: `${letter}${number}`, dataBytes: 40 }));
    await machine.pass(60);
  }
  const lines = await feedLines(engine);
  await engine.close();
  const image = machine.fileSystem.image();
  return { image, lines, segments: [...image.keys()].filter((path) => path.endsWith('.ndjson')) };
}

const store = await storeOf('store-1', 'x');
const other = await storeOf('store-2', 'y');
const [sealed, last] = store.segments as [string, string];
const lastOfSealed = (store.image.get(sealed) as Buffer).toString('utf8').split('\n').length - 2;

/** Bytes of the other store in the place of one's own. */
function withForeign(path: string, from: number, to: number): DiskImage {
  const foreign = other.image.get(path) as Buffer;
  return withFile(store.image, path, (content) => {
    assert.equal(content.length, foreign.length, 'the stores have the same shape');
    foreign.copy(content, from, from, to);
    return content;
  });
}

/** Whole lines, from one position to another. */
function withForeignLines(first: number, through: number): DiskImage {
  const path = through <= lastOfSealed ? sealed : last;
  const content = store.image.get(path) as Buffer;
  const startOf = (position: number) => content.lastIndexOf('\n', content.indexOf(`"position":${position},`)) + 1;
  const end = content.indexOf('\n', startOf(through)) + 1;
  return withForeign(path, startOf(first), end);
}

function range(first: number, through: number): number[] {
  return Array.from({ length: through - first + 1 }, (_, index) => first + index);
}

/** Asks for each event in both ways; returns the positions that are not served. */
async function refusedBy(engine: StorageEngine): Promise<{ byStreams: number[]; byFeed: number[] }> {
  const refused = { byStreams: [] as number[], byFeed: [] as number[] };
  for (const [index, line] of store.lines.entries()) {
    const { streamId, version } = parseLine(line);
    const one = { streamId: parseStreamId(streamId), from: version, limit: 1, direction: 'forward' } as const;
    const ways = { byStreams: () => engine.readStream(one), byFeed: () => engine.readFeed({ after: index, limit: 1 }) };
    for (const way of ['byStreams', 'byFeed'] as const) {
      const served = await Array.fromAsync(ways[way]()).catch((error: { code?: string }) => error.code);
      if (served === 'event-corrupt') refused[way].push(index + 1);
      else if (typeof served === 'object')
        assert.deepEqual(
          served.flatMap((batch) => linesOf(batch.lines)),
          [line],
        );
      else assert.fail(served);
    }
  }
  return refused;
}

function engineOn(image: DiskImage, options: SimulatedMachineOptions = {}): Promise<StorageEngine> {
  return machineOn(durableDirectory(image), { segmentBytes, ...options }).open();
}

/** Opens the store, and lets the lines come behind its back. */
async function comesWhileRunning(image: DiskImage): Promise<{ machine: SimulatedMachine; engine: StorageEngine }> {
  const machine = machineOn(durableDirectory(store.image), { segmentBytes });
  const engine = await machine.open();
  const file = await machine.fileSystem.open(`/${sealed}`, 'write');
  file.write(image.get(sealed) as Buffer, 0);
  await file.close();
  return { machine, engine };
}

/** The run, and the line behind it, for which nothing vouches. */
const cases = [
  { name: 'two lines', first: 5, through: 6, lost: range(5, 7) },
  { name: 'twenty lines', first: 10, through: 29, lost: range(10, 30) },
  { name: 'all lines behind the header', first: 1, through: lastOfSealed, lost: range(1, lastOfSealed) },
];

for (const { name, first, through, lost } of cases) {
  const image = withForeignLines(first, through);

  describe(`${name} of another store`, () => {
    it('are refused by a start, and by what then still reads', async () => {
      const engine = await engineOn(image);
      assert.equal(engine.health().state, 'read-only');
      const { byStreams, byFeed } = await refusedBy(engine);
      assert.deepEqual(byFeed, lost);
      // A stream that may have lost its end is not served at all.
      assert.ok(lost.every((position) => byStreams.includes(position)));
      await engine.close();
    });

    it('are refused by streams and by the feed of a store that runs', async () => {
      const { engine } = await comesWhileRunning(image);
      const { byStreams, byFeed } = await refusedBy(engine);
      assert.deepEqual(byStreams, lost);
      assert.deepEqual(byFeed, lost);
      await engine.close();
    });

    it('are one place of damage to the scrub', async () => {
      const { machine, engine } = await comesWhileRunning(image);
      for (let i = 0; i < 10; i++) await machine.pass(10_000);
      assert.equal(engine.statistics().damaged_places, 1);
      await engine.close();
    });

    it('are all named by verify, and none is kept by repair', async () => {
      const { findings } = await verifyImage(image);
      const damage = findings.filter(({ severity }) => severity === 'damage');
      assert.deepEqual(
        damage.map(({ kind, file, position, lastPosition }) => ({ kind, file, position, lastPosition })),
        [{ kind: 'unreadable', file: sealed.replace('data/', ''), position: lost[0], lastPosition: lost.at(-1) }],
      );
      const { outcome, fileSystem } = await repairImage(image);
      assert.equal(outcome, 'repaired');
      assert.deepEqual(await expectRepaired(fileSystem, store), lost);
    });
  });
}

describe('at the end of the log', () => {
  it('lines of another store are missing, and are none of it', async () => {
    const first = lastOfSealed + 3;
    const image = withForeignLines(first, events);
    const engine = await engineOn(image);
    assert.equal(engine.health().state, 'read-only');
    assert.deepEqual((await refusedBy(engine)).byFeed, range(first, events));
    await engine.close();
    const { fileSystem } = await repairImage(image);
    assert.deepEqual(await expectRepaired(fileSystem, store), range(first, events));
  });
});

describe('a block of a disk, written to the wrong place', () => {
  /** Behind the back of a store that runs; returns the positions that are refused. */
  async function refusedWithBlock(image: DiskImage): Promise<readonly number[]> {
    const { engine } = await comesWhileRunning(image);
    const { byStreams, byFeed } = await refusedBy(engine);
    assert.deepEqual(byStreams, byFeed);
    await engine.close();
    return byFeed;
  }

  it('in the middle of a segment', async () => {
    const image = withForeign(sealed, 4_096, 8_192);
    const lost = await refusedWithBlock(image);
    assert.ok(lost.length > 10);
    assert.equal((await engineOn(image)).health().state, 'read-only');
    const { fileSystem } = await repairImage(image);
    assert.deepEqual(await expectRepaired(fileSystem, store), lost);
  });

  it('at its start: with the header, it is somebody else’s', async () => {
    const image = withForeign(sealed, 0, 4_096);
    assert.ok((await refusedWithBlock(image)).length > 10);
    await assert.rejects(engineOn(image), { kind: 'foreign-data' });
    const { findings } = await verifyImage(image);
    assert.equal(findings[0]?.kind, 'foreign');
  });
});

describe('a line that says of another store that it was given up', () => {
  it('is damage, not a loss that was agreed to', async () => {
    const event = { ...parseLine(store.lines[4] as string), checksum: 0x12345678 };
    const foreign = encodeLostLine(event, segmentSalt({ format: formatVersion, storeId: 'store-2' }, 1));
    const image = withFile(store.image, sealed, (content) => {
      const start = content.lastIndexOf('\n', content.indexOf('"position":5,')) + 1;
      return Buffer.concat([content.subarray(0, start), foreign, content.subarray(content.indexOf('\n', start) + 1)]);
    });
    const engine = await engineOn(image);
    assert.equal(engine.health().state, 'read-only');
    assert.deepEqual((await refusedBy(engine)).byFeed, [5, 6]);
    await engine.close();
    const { lostEvents, damagedEvents } = await verifyImage(image);
    assert.deepEqual([lostEvents, damagedEvents], [0, 2]);
  });
});
