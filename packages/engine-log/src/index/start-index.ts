/**
 * Makes the index fit the log at a start: uses it where it covers a part of this very log, builds
 * it anew where it does not, and notices an index that knows more than the log has.
 */
import { type EngineObserver, limits, StartError } from '@event-store/core';
import { loadRecent } from '../append/load-recent.ts';
import type { RecentEvents } from '../append/recent-events.ts';
import { type FileSystem, isDiskFull } from '../file-system.ts';
import { readTrailer, trailerBytes } from '../format/checksum.ts';
import type { LogEnd } from '../format/head-file.ts';
import { segmentName } from '../format/segment-header.ts';
import type { Damage } from '../recovery/damage.ts';
import { DamagedLog, keepDamage, LogCursor } from '../segment/log-cursor.ts';
import type { SegmentList } from '../segment/segment-list.ts';
import { checkIndexSum } from './index-sum.ts';
import type { OpenIndex, OpenIndexOptions } from './open-index.ts';
import { withStartingMarker } from './starting-marker.ts';
import { tryRoom } from './try-room.ts';

export interface StartIndexOptions {
  readonly fileSystem: FileSystem;
  /** The data directory. */
  readonly directory: string;
  readonly logDirectory: string;
  readonly storeId: string;
  readonly segments: SegmentList;
  readonly recent: RecentEvents;
  readonly end: LogEnd;
  /** Of the log; a damaged one gets an index of its own, so that the real one stays as a witness. */
  readonly damage: readonly Damage[];
  /** The last position that is known to have been durable, even if it is missing. */
  readonly knownPosition: number;
  readonly observer: EngineObserver;
  readonly openIndex: (options: OpenIndexOptions) => Promise<OpenIndex>;
}

export interface StartedIndex extends OpenIndex {
  readonly damage: readonly Damage[];
  readonly knownPosition: number;
}

/** The index of the intact log, in the data directory. */
export const indexDirectoryName = 'index';

/** A log that is not longer is indexed anew in a tenth of a second. */
const smallLogBytes = 16 * 1024 * 1024;

export async function startIndex(options: StartIndexOptions): Promise<StartedIndex> {
  const { fileSystem, directory, damage, segments } = options;
  // Beside a damaged log it stays closed, and keeps its sum.
  const state = damage.length > 0 ? 'as it was' : await checkIndexSum(fileSystem, `${directory}/${indexDirectoryName}`);
  const isDoubtful = state === 'unknown' && segments.bytes <= smallLogBytes;
  const changed = state === 'changed' ? 'it is not as the last stop left it.' : undefined;
  return withStartingMarker(fileSystem, directory, (lastOneDied) => {
    const discardReason = lastOneDied ? 'the last start ended while it was opened.' : changed;
    return start({ ...options, isDoubtful, discardReason });
  });
}

interface StartOptions extends StartIndexOptions {
  /** Why the files of the index are not to be trusted, where that is so. */
  readonly discardReason: string | undefined;
  /** Whether the index is asked for nothing but how much of the log it has seen. */
  readonly isDoubtful: boolean;
}

async function start(options: StartOptions): Promise<StartedIndex> {
  const { damage } = options;
  const index = await open(options, damage.length === 0 ? indexDirectoryName : 'index-read-only');
  const { covered } = index.indexer;
  const knownPosition = Math.max(options.knownPosition, covered?.position ?? 0);
  if (options.isDoubtful && covered !== undefined && covered.position <= options.end.position) {
    await close(index);
    return start({ ...options, isDoubtful: false, ...(await insteadOfDoubtful(options)) });
  }
  const found = await fit(options, index).catch(async (error: unknown) => {
    await close(index);
    throw error;
  });
  if (found === undefined) return { ...index, damage, knownPosition };
  await close(index);
  return start({ ...options, isDoubtful: false, damage: [found], knownPosition });
}

/** Brings the index up to the log; returns what it shows to be wrong with a log that seemed intact. */
async function fit(options: StartIndexOptions, index: OpenIndex): Promise<Damage | undefined> {
  const { damage, end } = options;
  const covered = index.indexer.covered;
  if (damage.length === 0 && covered !== undefined && covered.position > end.position) {
    const text = `the index covers position ${covered.position}, but the log ends at ${end.position}: stored events are missing`;
    return { file: segmentName(end.segment), offset: end.offset, text };
  }
  if (damage.length > 0) {
    await index.indexer.clear();
  } else if (covered !== undefined && !(await isOf(options.segments, covered))) {
    options.observer.notice?.({ level: 'warn', message: 'The index is not of this log and is built anew.' });
    await index.indexer.clear();
  }
  const damaged = await catchUp(options, index).then(() => undefined, keepDamage);
  if (damaged !== undefined) return damageAt(damaged);
  index.reader.refresh();
  return undefined;
}

function damageAt({ place: { segment, offset } }: DamagedLog): Damage {
  return { file: segmentName(segment), offset, text: 'the line is not as it was written' };
}

/** Gives a doubtful index up where another can be built. Beside a damaged log it stays: it knows whose the lost events were. */
async function insteadOfDoubtful(options: StartOptions): Promise<Pick<StartOptions, 'damage' | 'discardReason'>> {
  const { fileSystem, directory, damage } = options;
  const hasRoom = await tryRoom(fileSystem, `${directory}/${indexDirectoryName}`).then(
    () => true,
    () => false,
  );
  // On a full disk a doubtful index is better than none.
  if (!hasRoom) return { damage, discardReason: undefined };
  const damaged = await firstDamage(options);
  if (damaged !== undefined) return { damage: [damageAt(damaged)], discardReason: undefined };
  return { damage, discardReason: 'the last stop was not one that leaves a sum of it.' };
}

/** Reads all of the log; of a small one that takes no time. */
async function firstDamage({ segments, end }: StartIndexOptions): Promise<DamagedLog | undefined> {
  const { firstPosition: segment, headerBytes: offset } = segments.holding(0);
  const cursor = new LogCursor({ segments }, { segment, offset });
  const buffer = Buffer.allocUnsafeSlow(Math.min(limits.batchBytesMax, segments.bytes));
  for (;;) {
    const block = await cursor.next(end, () => buffer).catch(keepDamage);
    if (block === undefined || block instanceof DamagedLog) return block;
  }
}

async function open({ openIndex, discardReason, ...options }: StartOptions, name: string): Promise<OpenIndex> {
  const { fileSystem, directory, logDirectory, storeId, segments, observer, end, damage } = options;
  const progress = (done: number) => observer.progress?.({ task: 'rebuilding-index', done, total: end.position });
  try {
    return await openIndex({
      fileSystem,
      directory: `${directory}/${name}`,
      logDirectory,
      storeId,
      stepsOverDamage: damage.length > 0,
      discardReason,
      segments,
      observer,
      progress,
    });
  } catch (cause) {
    if (!isDiskFull(cause)) throw cause;
    throw new StartError(
      'cannot-create',
      'the disk is full and there is no index yet; free some space and start again',
      { cause },
    );
  }
}

async function close({ indexer, reader }: OpenIndex): Promise<void> {
  await reader.close();
  await indexer.close();
}

/** Whether the line at the end of what is covered is in the log. */
async function isOf(segments: SegmentList, { segment, offset, checksum }: LogEnd): Promise<boolean> {
  if (segments.holding(segment).firstPosition !== segment) return false;
  const trailer = Buffer.alloc(trailerBytes);
  await segments.read(segment, trailer, offset - trailerBytes);
  return readTrailer(trailer, 0) === checksum;
}

async function catchUp({ segments, recent, end }: StartIndexOptions, { indexer }: OpenIndex): Promise<void> {
  const from = segments.holding(indexer.covered?.position ?? 0).firstPosition;
  try {
    await indexer.advance(
      end,
      segments.all.filter(({ firstPosition }) => firstPosition >= from),
    );
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    await loadRecent(recent, segments, { covered: indexer.covered, end });
  }
}
