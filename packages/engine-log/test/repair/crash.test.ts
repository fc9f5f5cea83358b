/**
 * The power goes during a repair, at every call that changes the disk: no start finds anything to
 * be right that is not, and a repair done again gives up the same events by the same names.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { machineOn } from '../../../../simulation/engine-log/simulated-machine.ts';
import { flipBit, smallSegmentBytes, smallStore, withFile } from '../../../../simulation/engine-log/small-store.ts';
import { type CrashChoice, keepEverything, keepNothing, keepSome } from '../../../../simulation/file-system/crash.ts';
import {
  type DiskImage,
  durableDirectory,
  type SimulatedDirectory,
} from '../../../../simulation/file-system/simulated-directory.ts';
import {
  type Operation,
  type SimulatedCall,
  SimulatedFileSystem,
} from '../../../../simulation/file-system/simulated-file-system.ts';
import { seededRandom } from '../../../../simulation/seeded-random.ts';
import { effort } from '../support/effort.ts';
import { expectRepaired, type Repaired, repairDisk, withIndex } from './repair-image.ts';

const store = await smallStore();
const [first, second, last] = store.segments as [string, string, string];

/** Damage in each segment; that of the last line of the log leaves no trace but in the index. */
const damaged: DiskImage = withIndex(
  withFile(
    withFile(
      withFile(store.image, first, (content) => content.fill(0, 300, 700)),
      second,
      (content) => flipBit(content, 8 * 20),
    ),
    last,
    (content) => content.subarray(0, content.lastIndexOf('\n', content.length - 2) + 1),
  ),
  store.lines,
);

/** Repairs, and keeps the disk as it was before each change and at the end. */
async function momentsOf(state: SimulatedDirectory): Promise<{ moments: SimulatedFileSystem[]; repaired: Repaired }> {
  const moments: SimulatedFileSystem[] = [];
  let running: SimulatedFileSystem | undefined;
  const keep = () => running && moments.push(new SimulatedFileSystem({ state: running.state() }));
  const observe = ({ operation }: SimulatedCall) => {
    if (!reads.has(operation)) keep();
  };
  const repaired = await repairDisk({ state, observe }, (fileSystem) => {
    running = fileSystem;
  });
  keep();
  return { moments, repaired };
}

const reads: ReadonlySet<Operation> = new Set(['read', 'stat', 'list', 'open', 'close']);

/** A whole store, and a copy of its first segment by the name of the one that would come next. */
const surplus: DiskImage = withIndex(
  new Map(store.image).set(
    first.replace(/\d{20}/, `${store.lines.length + 1}`.padStart(20, '0')),
    store.image.get(first),
  ),
  store.lines,
);

it('is cut off at every call, and done again', async (context) => {
  const { states, expected } = await tryMoments(damaged);
  assert.ok(expected.length >= 3);
  context.diagnostic(states);
});

it('is cut off while it puts a file away that is none of the log, and done again', async (context) => {
  const { states, expected } = await tryMoments(surplus);
  assert.equal(expected.length, 0);
  context.diagnostic(states);
});

async function tryMoments(image: DiskImage): Promise<{ states: string; expected: readonly unknown[] }> {
  const { moments, repaired } = await momentsOf(durableDirectory(image));
  assert.equal(repaired.outcome, 'repaired');
  const expected = repaired.planned?.events ?? [];
  let states = 0;
  for (const [index, moment] of moments.entries()) {
    for (const [way, choose] of waysToCrash(index)) {
      const after = choose === undefined ? moment.state() : moment.stateAfterCrash(choose);
      try {
        await tryState(after, expected);
      } catch (cause) {
        throw new Error(`moment ${index} of ${moments.length}, ${way}`, { cause });
      }
      states++;
    }
  }
  return { states: `${states} states of the disk after ${moments.length} calls`, expected };
}

it('meets a disk that is full, or fails, at every call: what is there then is repaired later', async () => {
  for (const code of ['ENOSPC', 'EIO']) {
    let hits = 0;
    for (let at = 0, wasHit = true; wasHit; at += 3) {
      wasHit = false;
      let changes = 0;
      const fault = ({ operation }: SimulatedCall) => {
        if (reads.has(operation) || changes++ !== at) return undefined;
        wasHit = true;
        return code;
      };
      let disk = SimulatedFileSystem.holding(damaged);
      const trial = repairDisk({ state: durableDirectory(damaged), fault }, (fileSystem) => {
        disk = fileSystem;
      });
      if (
        !(await trial.then(
          () => true,
          () => false,
        ))
      )
        hits++;
      const { fileSystem } = await repairDisk({ state: disk.state() });
      await expectRepaired(fileSystem, store);
    }
    assert.ok(hits > 8, `${hits} repairs failed`);
  }
});

function waysToCrash(index: number): readonly (readonly [string, CrashChoice | undefined])[] {
  const some = Array.from(
    { length: effort },
    (_, way) => [`some kept (${way})`, keepSome(seededRandom(index * 100 + way))] as const,
  );
  return [['killed', undefined], ['everything kept', keepEverything], ['nothing kept', keepNothing], ...some];
}

async function tryState(state: SimulatedDirectory, expected: readonly unknown[]): Promise<void> {
  const engine = await machineOn(new SimulatedFileSystem({ state }).state(), {
    segmentBytes: smallSegmentBytes,
  }).open();
  const isReady = engine.health().state === 'ready';
  await engine.close();
  const { outcome, planned, fileSystem } = await repairDisk({ state });
  assert.equal(outcome === 'intact', isReady, 'a store that starts is one that is repaired');
  const lost = await expectRepaired(fileSystem, store);
  assert.equal(lost.length, expected.length);
  for (const event of planned?.events ?? [])
    assert.ok(expected.some((each) => JSON.stringify(each) === JSON.stringify(event)));
  assert.equal(planned?.unknownEvents ?? 0, 0);
}
