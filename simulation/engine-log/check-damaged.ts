/**
 * Opens what is left of a store and checks that it is served truthfully: each event as it was
 * stored or not at all, and history never shorter than what is known to have been durable.
 */
import { type EngineHealth, EventStoreError, StartError, type StorageEngine } from '@event-store/core';
import {
  checksumAfterLine,
  readTrailer,
  trailerBytes,
  verifyLines,
} from '../../packages/engine-log/src/format/checksum.ts';
import { decodeHead } from '../../packages/engine-log/src/format/head-file.ts';
import { parseSegmentName, segmentName } from '../../packages/engine-log/src/format/segment-header.ts';
import { segmentSalt } from '../../packages/engine-log/src/format/segment-salt.ts';
import { decodeStoreFile, type StoreFile } from '../../packages/engine-log/src/format/store-file.ts';
import { type DiskImage, durableDirectory } from '../file-system/simulated-directory.ts';
import { hold } from '../violation.ts';
import { linesOf, parseLine, streamLines } from './history.ts';
import { KeptIndex } from './kept-index.ts';
import type { RandomStore } from './random-store.ts';
import { sampleAppend } from './sample-appends.ts';
import { SimulatedMachine } from './simulated-machine.ts';

export interface DamagedOutcome {
  readonly outcome: 'refused' | EngineHealth['state'];
  /** Events that are served. */
  readonly served: number;
}

/** More calls than an opening and a look at everything need. */
const callsMax = 100_000;

/** Reasons for which a start may be refused; each has its exit code. */
const refusals = new Set(['foreign-data', 'cannot-create', 'no-permission']);

/** @throws Violation */
export async function checkDamaged(
  image: DiskImage,
  store: RandomStore,
  index = new KeptIndex(),
): Promise<DamagedOutcome> {
  const machine = new SimulatedMachine({
    state: durableDirectory(image),
    segmentBytes: store.segmentBytes,
    openIndex: index.open,
    observe: ({ number }) => hold('P-21', number < callsMax, 'the engine goes round in circles'),
  });
  const engine = await machine.open().catch((error: unknown) => {
    if (error instanceof StartError && refusals.has(error.kind)) return undefined;
    throw error;
  });
  if (engine === undefined) return { outcome: 'refused', served: 0 };
  const { state: outcome } = engine.health();
  const served = await checkFeed(engine, store.lines);
  const known = Math.min(knownPosition(image, outcome === 'ready' ? index : undefined), store.lines.length);
  hold('P-04', served.through >= known, () => `the feed ends at ${served.through}, ${known} is known to be stored`);
  if (outcome !== 'ready') {
    const refused = await engine.append(sampleAppend({ streamId: 'a', name: 'refused' })).catch((error) => error);
    hold('P-04', (refused as EventStoreError).code === 'read-only', 'a damaged store takes appends');
  }
  await checkStreams(engine, store.lines, outcome === 'ready' ? served.through : store.lines.length);
  await engine.close();
  return { outcome, served: served.count };
}

/** Reads on behind each event that is not served, to the end; everything that is served is what was stored there. */
async function checkFeed(engine: StorageEngine, lines: readonly string[]) {
  let count = 0;
  let after = 0;
  for (let isAtEnd = false; !isAtEnd; ) {
    try {
      for await (const batch of engine.readFeed({ after })) {
        const found = linesOf(batch.lines);
        for (const [index, line] of found.entries()) {
          hold('P-03', line === lines[after + index], () => `position ${after + index + 1} is served as ${line}`);
        }
        count += found.length;
        after = batch.through;
        isAtEnd = batch.caughtUp;
      }
    } catch (error) {
      if (!(error instanceof EventStoreError && error.code === 'event-corrupt')) throw error;
      isAtEnd = ++after >= lines.length;
    }
  }
  return { count, through: after };
}

/** A stream is what was stored of it, up to an event that is not served; one that looks complete is complete. */
async function checkStreams(engine: StorageEngine, lines: readonly string[], through: number): Promise<void> {
  const streams = Map.groupBy(lines.slice(0, through), (line) => parseLine(line).streamId);
  for (const [streamId, expected] of streams) {
    const served = await streamLines(engine, streamId).catch((error: unknown) => {
      if (error instanceof EventStoreError && error.code === 'event-corrupt') return undefined;
      throw error;
    });
    if (served === undefined) continue;
    const wrong = served.findIndex((line, index) => line !== expected[index]);
    hold('P-03', wrong < 0, () => `${streamId} has ${served[wrong]}`);
    const isShort = served.length < expected.length && engine.health().state === 'ready';
    hold('P-04', !isShort, () => `${streamId} ends at ${served.length}, not at ${expected.length}`);
  }
}

/**
 * The last position of which anything that is left says that it was durable: `head`, `synced` on every
 * line of the last segment that checks out, and an index that is asked, because nothing else is wrong.
 */
function knownPosition(image: DiskImage, index: KeptIndex | undefined): number {
  const head = image.get('data/head');
  const decoded = head && decodeHead(head);
  const store = storeOf(image);
  const covered = image.has('data/index-starting') ? 0 : (index?.position ?? 0);
  let known = Math.max(covered, decoded?.storeId === store.storeId ? (decoded?.end.position ?? 0) : 0);
  const names = [...image.keys()].flatMap((path) => parseSegmentName(path.replace('data/log/', '')) ?? []);
  const lastPosition = names.at(-1) ?? 1;
  const last = `data/log/${segmentName(lastPosition)}`;
  const salt = segmentSalt(store, lastPosition);
  const content = image.get(last) ?? Buffer.alloc(0);
  let end = content.indexOf('\n') + 1;
  for (let next = content.indexOf('\n', end) + 1; next > 0; end = next, next = content.indexOf('\n', end) + 1) {
    const previous = readTrailer(content, end - trailerBytes);
    const line = content.subarray(end, next);
    if (previous === undefined || verifyLines(line, checksumAfterLine(previous, salt), salt) === undefined) continue;
    const { synced = 0 } = JSON.parse(line.toString('utf8')) as { synced?: number };
    known = Math.max(known, synced);
  }
  return known;
}

/** It was good enough to start with. */
function storeOf(image: DiskImage): StoreFile {
  return decodeStoreFile(image.get('data/store.json') ?? Buffer.alloc(0));
}
