/** Repairs a disk image of the simulated machine, and checks what the store is then. */
import assert from 'node:assert/strict';
import { parseStreamId } from '@event-store/core';
import { linesOf, parseLine } from '../../../../simulation/engine-log/history.ts';
import { sampleAppend } from '../../../../simulation/engine-log/sample-appends.ts';
import { machineOn } from '../../../../simulation/engine-log/simulated-machine.ts';
import { type SmallStore, smallSegmentBytes } from '../../../../simulation/engine-log/small-store.ts';
import { type DiskImage, durableDirectory } from '../../../../simulation/file-system/simulated-directory.ts';
import {
  SimulatedFileSystem,
  type SimulatedFileSystemOptions,
} from '../../../../simulation/file-system/simulated-file-system.ts';
import { type FileSystem, readWholeFile } from '../../src/file-system.ts';
import type { EventName } from '../../src/repair/lost-events.ts';
import { type PlannedLoss, type RepairResult, repairStore } from '../../src/repair/repair-store.ts';
import type { IndexWitness } from '../../src/verify/index-witness.ts';

export interface RepairTrial extends SimulatedFileSystemOptions {
  readonly isTold?: boolean;
}

/** A file that stands for an index: it has all names of events, as LMDB's would. */
const indexPath = 'data/index/data.mdb';

export function withIndex(image: DiskImage, lines: readonly string[]): DiskImage {
  const names = lines.map(parseLine).map(({ position, streamId, version }) => [position, { streamId, version }]);
  return new Map(image).set('data/index', undefined).set(indexPath, Buffer.from(JSON.stringify(names)));
}

async function openIndex(fileSystem: FileSystem, directory: string): Promise<IndexWitness> {
  const content = await readWholeFile(fileSystem, `${directory}/data.mdb`);
  const names = new Map(content === undefined ? [] : (JSON.parse(content.toString('utf8')) as [number, EventName][]));
  return { covered: undefined, check: async () => [], names: async () => names, close: async () => {} };
}

export interface Repaired extends RepairResult {
  readonly planned: PlannedLoss | undefined;
  readonly fileSystem: SimulatedFileSystem;
}

export async function repairDisk(
  trial: RepairTrial,
  begins: (fileSystem: SimulatedFileSystem) => void = () => {},
): Promise<Repaired> {
  const fileSystem = new SimulatedFileSystem(trial);
  begins(fileSystem);
  let planned: PlannedLoss | undefined;
  const result = await repairStore({
    fileSystem,
    directory: '/data',
    lock: async () => ({ release: () => {} }),
    openIndex: ({ directory }) => openIndex(fileSystem, directory),
    confirm: async (loss) => {
      planned = loss;
      return trial.isTold ?? true;
    },
  });
  return { ...result, planned, fileSystem };
}

export function repairImage(image: DiskImage, trial: RepairTrial = {}): Promise<Repaired> {
  return repairDisk({ ...trial, state: durableDirectory(image) });
}

/** What is served once the store is repaired: true, dense, and open for appends. Returns the positions that are lost. */
export async function expectRepaired(fileSystem: SimulatedFileSystem, store: SmallStore): Promise<readonly number[]> {
  const machine = machineOn(fileSystem.state(), { segmentBytes: smallSegmentBytes });
  const engine = await machine.open();
  assert.deepEqual(engine.health(), { state: 'ready' });
  const served: string[] = [];
  let through = 0;
  for await (const batch of engine.readFeed({ after: 0 })) {
    served.push(...linesOf(batch.lines));
    through = batch.through;
  }
  assert.equal(through, store.lines.length, 'the feed goes to its end');
  const lost = store.lines.filter((line) => !served.includes(line));
  assert.deepEqual(
    served,
    store.lines.filter((line) => !lost.includes(line)),
    'the same bytes as before',
  );
  const lostPositions = lost.map((line) => parseLine(line).position);
  for (const position of lostPositions) {
    const [batch] = await Array.fromAsync(engine.readFeed({ after: position - 1, limit: 1 }));
    assert.notEqual(batch?.through, position - 1, 'a reader gets past a lost event');
  }
  for (const [id, stream] of Map.groupBy(store.lines, (line) => parseLine(line).streamId)) {
    const streamId = parseStreamId(id);
    const version = await engine.streamVersion(streamId);
    const there: string[] = [];
    for await (const batch of engine.readStream({ streamId, from: 1, direction: 'forward' })) {
      there.push(...linesOf(batch.lines));
      through = batch.through;
    }
    assert.ok(version === 0 || through === version, 'the stream goes to its end');
    assert.deepEqual(
      there,
      stream.filter((line) => !lost.includes(line)),
    );
    const result = await engine.append(sampleAppend({ streamId: id, name: 'after the repair' }));
    assert.equal(result.outcome === 'appended' && result.streams[0]?.version, version + 1);
  }
  await engine.close();
  return lostPositions;
}
