/** Opens the embedded engine: takes the directory, recovers the log, brings the index up to it. */
import { randomUUID } from 'node:crypto';
import {
  type Clock,
  type CommitListener,
  type EngineObserver,
  StartError,
  type StorageEngine,
  systemClock,
} from '@event-store/core';
import { CommitQueue } from './append/commit-queue.ts';
import { LogEncoder } from './append/log-encoder.ts';
import { RecentEvents } from './append/recent-events.ts';
import { openConsumers } from './consumers/open-consumers.ts';
import {
  type DataDirectory,
  logDirectoryName,
  openDataDirectory,
  openHeadFile,
  permissionTold,
} from './data-directory.ts';
import { type DirectoryLock, lockDirectory } from './directory-lock.ts';
import { EngineState } from './engine-state.ts';
import type { FileSystem } from './file-system.ts';
import type { LogEnd } from './format/head-file.ts';
import { segmentName } from './format/segment-header.ts';
import { HeadKeeper } from './head-keeper.ts';
import { writeIndexSum } from './index/index-sum.ts';
import { Indexing } from './index/indexing.ts';
import { type OpenIndex, type OpenIndexOptions, openIndex } from './index/open-index.ts';
import { indexDirectoryName, type StartedIndex, startIndex } from './index/start-index.ts';
import { LogEngine } from './log-engine.ts';
import { nodeFileSystem } from './node-file-system.ts';
import { LineCache } from './read/line-cache.ts';
import type { LogView } from './read/log-view.ts';
import { describeDamage } from './recovery/damage.ts';
import { DamageWatch, type FoundDamage } from './recovery/damage-watch.ts';
import { type RecoveredLog, recoverLog } from './recovery/recover-log.ts';
import { Scrub } from './recovery/scrub.ts';
import { Resources } from './resources.ts';
import { LogTail } from './segment/log-tail.ts';
import { LogWriter } from './segment/log-writer.ts';
import type { Segment, SegmentList } from './segment/segment-list.ts';

export interface LogEngineOptions {
  /** The data directory; it is made, its parent is not. */
  readonly directory: string;
  /** A new segment is begun once the last one has so many bytes: 512 to 2^31. */
  readonly segmentBytes?: number;
  /** How fast sealed segments are read again and again, to find damage; 0: not at all. */
  readonly scrubBytesPerSecond?: number;
  /** Memory for lines of streams that were read lately; taken as it is needed. */
  readonly lineCacheBytes?: number;
  readonly observer?: EngineObserver;
}

/** Everything outside that the engine touches, so that a simulation can stand in for it. */
export interface LogEnvironment {
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly defer: (action: () => void) => void;
  readonly newStoreId: () => string;
  readonly lock: (directory: string) => Promise<DirectoryLock>;
  readonly openIndex: (options: OpenIndexOptions) => Promise<OpenIndex>;
}

/** The disk, the clock and the threads of this machine. */
export const realEnvironment: LogEnvironment = {
  fileSystem: nodeFileSystem,
  clock: systemClock,
  defer: setImmediate,
  newStoreId: randomUUID,
  lock: (directory) => lockDirectory(nodeFileSystem, directory),
  openIndex,
};

export const segmentBytesDefault = 256 * 1024 * 1024;
/** A small part of what any disk reads: a hundred gigabytes take seven hours. */
export const scrubBytesPerSecondDefault = 4 * 1024 * 1024;
/** Some hundred thousand small events; see docs/decisions/line-cache.md. */
const lineCacheBytesDefault = 64 * 1024 * 1024;
/** A header must fit, and the index holds offsets in 32 bits. */
const segmentBytesRange = { min: 512, max: 2 ** 31 };
/** Of the newest log, for readers that are close behind. */
const tailBytesMax = 8 * 1024 * 1024;
const aheadBytesMax = 4 * 1024 * 1024;

/**
 * Opens a store, or makes a new one. The engine is recovered when the promise fulfils; a damaged
 * log is opened for reading only, and `health` says what is wrong.
 *
 * @throws StartError when the directory cannot be used; nothing in it was changed then.
 */
export async function openLogEngine(options: LogEngineOptions, environment = realEnvironment): Promise<StorageEngine> {
  const { directory, observer = {}, segmentBytes: segmentBytesMax = segmentBytesDefault } = options;
  const { scrubBytesPerSecond = scrubBytesPerSecondDefault, lineCacheBytes = lineCacheBytesDefault } = options;
  const { min, max } = segmentBytesRange;
  if (!(segmentBytesMax >= min && segmentBytesMax <= max)) {
    throw new StartError('usage', `the size of a segment must be from ${min} to ${max} bytes`);
  }
  const { fileSystem, clock, lock, newStoreId } = environment;
  const newStore = () => ({ storeId: newStoreId(), created: new Date(clock.now()).toISOString() });
  const data = await openDataDirectory({ fileSystem, directory, lock, newStore }).catch(permissionTold(directory));
  const resources = new Resources();
  resources.add(() => data.lock.release());
  try {
    return await open({
      ...environment,
      directory,
      observer,
      data,
      segmentBytesMax,
      scrubBytesPerSecond,
      lineCacheBytes,
      resources,
    });
  } catch (error) {
    // Why it did not open says more than what then did not close.
    await resources.close().catch(() => undefined);
    return permissionTold(directory)(error);
  }
}

interface OpenContext extends LogEnvironment {
  readonly directory: string;
  readonly observer: EngineObserver;
  readonly data: DataDirectory;
  readonly segmentBytesMax: number;
  readonly scrubBytesPerSecond: number;
  readonly lineCacheBytes: number;
  readonly resources: Resources;
}

async function open(context: OpenContext): Promise<StorageEngine> {
  const { fileSystem, directory, observer, data, openIndex, resources } = context;
  const { storeId } = data.store;
  const logDirectory = `${directory}/${logDirectoryName}`;
  const tornDirectory = `${directory}/torn`;
  const recovered = await recoverLog({
    fileSystem,
    logDirectory,
    tornDirectory,
    store: data.store,
    head: data.head,
    observer,
  });
  const { segments, tip: end } = recovered;
  resources.add(() => segments.close());
  const recent = new RecentEvents();
  const indexOptions = { fileSystem, directory, logDirectory, storeId, segments, recent, end, observer, openIndex };
  const { damage, knownPosition } = recovered;
  const index = await startIndex({ ...indexOptions, damage, knownPosition });
  return assemble(context, { recovered, recent, index, logDirectory });
}

interface OpenParts {
  readonly recovered: RecoveredLog;
  readonly recent: RecentEvents;
  readonly index: StartedIndex;
  readonly logDirectory: string;
}

async function assemble(context: OpenContext, parts: OpenParts): Promise<StorageEngine> {
  const { fileSystem, directory, clock, observer, resources, segmentBytesMax, data } = context;
  const { recent, index, recovered } = parts;
  const { segments, tip } = recovered;
  const tail = new LogTail({ bytesMax: tailBytesMax, segmentBytesMax });
  const listeners = new Set<CommitListener>();
  let queue: CommitQueue | undefined;
  const durable = (): LogEnd => queue?.durable ?? tip;
  const state = new EngineState({ clock, observer, hasRoom: async () => (await queue?.hasRoom()) ?? false });
  // To readers, what is missing at the end of a damaged log is damage too, and not the end.
  const readable = (): LogEnd => queue?.durable ?? { ...tip, position: index.knownPosition };
  const lostThrough = index.knownPosition > tip.position ? index.knownPosition : index.indexer.lostThrough;
  const damage = new DamageWatch(observer, index.damage);
  const foundDamage = (found: FoundDamage) => damage.found(found);
  const view: LogView = { segments, tail, recent, index: index.reader, durable: readable, lostThrough, foundDamage };
  const failed = (error: unknown) =>
    state.readOnly(`Writing failed: ${(error as Error).message}. Restart to recover; reads go on.`);
  const indexing = new Indexing({
    clock,
    indexer: index.indexer,
    reader: index.reader,
    recent,
    segments,
    durable,
    failed,
  });
  resources.add(async () => {
    await indexing.close();
    if (!state.isReadOnly) await writeIndexSum(fileSystem, `${directory}/${indexDirectoryName}`, clock);
  });
  if (index.damage.length > 0) state.readOnly(describeDamage(index.damage));
  else queue = await openQueue(context, parts, { tail, state, indexing, listeners, durable, failed });
  const scrub = startScrub(context, segments, damage);
  resources.add(() => scrub.close());
  const { storeId } = data.store;
  const checkAccepting = () => state.checkAccepting();
  const consumers = await openConsumers({
    ...context,
    storeId,
    checkAccepting,
    failed,
    damaged: (text) => damage.consumersDamaged(text),
  });
  const lineCache = new LineCache({ bytesMax: context.lineCacheBytes });
  return new LogEngine({ view, lineCache, state, indexing, listeners, queue, consumers, damage, scrub, resources });
}

function startScrub(
  { clock, observer, scrubBytesPerSecond }: OpenContext,
  segments: SegmentList,
  damage: DamageWatch,
): Scrub {
  const failed = ({ firstPosition }: Segment, error: unknown) =>
    observer.notice?.({
      level: 'error',
      message: `A file of the log cannot be read: ${(error as Error).message}. The scrub goes on behind it.`,
      fields: { file: segmentName(firstPosition) },
    });
  return new Scrub({ clock, segments, damage, bytesPerSecond: scrubBytesPerSecond, failed });
}

interface QueueParts {
  readonly tail: LogTail;
  readonly state: EngineState;
  readonly indexing: Indexing;
  readonly listeners: ReadonlySet<CommitListener>;
  readonly durable: () => LogEnd;
  readonly failed: (error: unknown) => void;
}

async function openQueue(
  { fileSystem, clock, defer, observer, directory, data, segmentBytesMax, resources }: OpenContext,
  { recovered, recent, logDirectory }: OpenParts,
  { tail, state, indexing, listeners, durable, failed }: QueueParts,
): Promise<CommitQueue> {
  const { segments, tip } = recovered;
  const { storeId } = data.store;
  const encoder = new LogEncoder({ clock, tail, store: data.store, segmentBytesMax, tip });
  const sequence = data.head?.sequence ?? 0;
  const { timeMs: _, ...end } = tip;
  const file = await openHeadFile(fileSystem, directory, { storeId, sequence, end, clean: false });
  const head = new HeadKeeper({ file, clock, storeId, sequence, durable, failed });
  resources.add(() => head.close({ clean: !state.isReadOnly }));
  const aheadBytes = Math.min(aheadBytesMax, segmentBytesMax);
  const writer = await LogWriter.open({ fileSystem, directory: logDirectory, segments, aheadBytes });
  resources.add(() => writer.close({ cut: !state.isReadOnly }));
  return new CommitQueue({
    clock,
    encoder,
    recent,
    writer,
    defer,
    indexRoom: () => indexing.room(),
    committed: ({ appends, events, bytes, end }, syncSeconds) => {
      state.ready();
      head.committed();
      indexing.committed();
      observer.groupCommitted?.({ appends: appends.length, events, bytes, syncSeconds });
      for (const listener of listeners) listener(end.position);
    },
    refused: (error, isFinal) => (isFinal ? failed(error) : state.full()),
  });
}
