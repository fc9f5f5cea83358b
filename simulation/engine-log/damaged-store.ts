/**
 * What a store with damage serves, and whether all of it is true: each event is the one that was
 * stored, or is answered with `event-corrupt`, and history never looks shorter than it was.
 */
import assert from 'node:assert/strict';
import { type EngineHealth, EventStoreError, type StorageEngine } from '@event-store/core';
import { type DiskImage, durableDirectory } from '../file-system/simulated-directory.ts';
import { checkedHistory, linesOf, parseLine, streamLines } from './history.ts';
import { sampleAppend } from './sample-appends.ts';
import { machineOn, type SimulatedMachineOptions } from './simulated-machine.ts';
import { type SmallStore, smallSegmentBytes } from './small-store.ts';

export interface Served {
  readonly health: EngineHealth;
  /** Positions that were answered with `event-corrupt`. */
  readonly corrupt: readonly number[];
  /** Streams that were answered with `event-corrupt` although the feed has all of their events. */
  readonly doubted: readonly string[];
}

/** Opens an image and checks everything that it serves against what was stored. */
export async function truthfullyServed(
  image: DiskImage,
  store: SmallStore,
  options: SimulatedMachineOptions = {},
): Promise<Served> {
  const machine = machineOn(durableDirectory(image), { ...options, segmentBytes: smallSegmentBytes });
  const engine = await machine.open();
  const health = engine.health();
  if (health.state === 'ready') {
    assert.deepEqual(await checkedHistory(engine), store.lines);
    return { health, corrupt: [], doubted: [] };
  }
  const corrupt = await corruptPositions(engine, store.lines);
  await expectCutOff(engine, store.lines, corrupt);
  const doubted = await doubtedStreams(engine, store.lines, new Set(corrupt));
  await assert.rejects(engine.append(sampleAppend({ streamId: 'a', name: 'refused' })), { code: 'read-only' });
  await engine.close();
  return { health, corrupt, doubted };
}

/** Asks for each event by itself. */
async function corruptPositions(engine: StorageEngine, lines: readonly string[]): Promise<number[]> {
  const corrupt: number[] = [];
  for (const [index, line] of lines.entries()) {
    const answer = await whole(engine.readFeed({ after: index, limit: 1 }));
    if (answer.isCutOff) corrupt.push(index + 1);
    else assert.deepEqual(answer.lines, [line]);
  }
  return corrupt;
}

/** Reads everything: it ends before the first damage, and not as if it were complete. */
async function expectCutOff(engine: StorageEngine, lines: readonly string[], corrupt: readonly number[]) {
  const answer = await whole(engine.readFeed({ after: 0 }));
  assert.deepEqual(answer.lines, lines.slice(0, answer.lines.length));
  assert.ok(answer.lines.length < (corrupt[0] ?? lines.length + 1));
  assert.equal(answer.isCutOff, answer.lines.length < lines.length);
}

/** A stream that is served to its end is whole. */
async function doubtedStreams(engine: StorageEngine, lines: readonly string[], corrupt: ReadonlySet<number>) {
  const doubted: string[] = [];
  for (const [streamId, stream] of Map.groupBy(lines, (line) => parseLine(line).streamId)) {
    const isDamaged = (line: string) => corrupt.has(parseLine(line).position);
    const first = stream.findIndex(isDamaged);
    const served = await streamLines(engine, streamId).catch((error: unknown) => {
      expectCorrupt(error);
      if (first < 0) doubted.push(streamId);
    });
    if (served === undefined) continue;
    assert.deepEqual(served, stream, `${streamId} ends as if it were complete`);
  }
  return doubted;
}

interface Answer {
  readonly lines: readonly string[];
  readonly isCutOff: boolean;
}

/** Everything that a read gives, and whether it ended with `event-corrupt`. */
async function whole(batches: AsyncIterable<{ readonly lines: Uint8Array }>): Promise<Answer> {
  const lines: string[] = [];
  try {
    for await (const batch of batches) lines.push(...linesOf(batch.lines));
    return { lines, isCutOff: false };
  } catch (error) {
    expectCorrupt(error);
    return { lines, isCutOff: true };
  }
}

function expectCorrupt(error: unknown): void {
  if (!(error instanceof EventStoreError && error.code === 'event-corrupt')) throw error;
}
