/**
 * Brings a log into a state from which it can be read and continued: checks the chain of
 * segments and the end, cuts a torn tail, and makes sure that what is served is on the disk.
 * Idempotent: a crash in the middle changes nothing of the outcome.
 */
import { type EngineObserver, limits } from '@event-store/core';
import type { LogTip } from '../append/log-tip.ts';
import { createFile, type FileHandle, type FileSystem, isDiskFull } from '../file-system.ts';
import { readTrailer, trailerBytes } from '../format/checksum.ts';
import type { Head, LogEnd } from '../format/head-file.ts';
import { lineBytesMax } from '../format/log-line.ts';
import { encodeSegmentHeader, segmentName } from '../format/segment-header.ts';
import { segmentSalt } from '../format/segment-salt.ts';
import type { StoreIdentity } from '../format/store-file.ts';
import { startOfLastLine } from '../segment/check-lines.ts';
import { SegmentList } from '../segment/segment-list.ts';
import type { Damage } from './damage.ts';
import { type FoundSegments, openSegments } from './open-segments.ts';
import { type ScannedTail, scanTail } from './scan-tail.ts';

export interface RecoverOptions {
  readonly fileSystem: FileSystem;
  readonly logDirectory: string;
  /** Where a torn tail is kept. */
  readonly tornDirectory: string;
  readonly store: StoreIdentity;
  /** What `head` says; `undefined` when it is missing or unreadable. */
  readonly head: Head | undefined;
  readonly observer: EngineObserver;
}

export interface RecoveredLog {
  readonly segments: SegmentList;
  readonly tip: LogTip;
  /** The last position that is known to have been durable; behind the tip's when some of the end is missing. */
  readonly knownPosition: number;
  /** Not empty: the log must not be changed, and cannot be continued. */
  readonly damage: readonly Damage[];
}

export async function recoverLog(options: RecoverOptions): Promise<RecoveredLog> {
  const { fileSystem, logDirectory, store, head } = options;
  const found = await openSegments({ fileSystem, directory: logDirectory, store, head });
  if (found.segments.length === 0) return recoverEmpty(options, found);
  const segments = new SegmentList(fileSystem, logDirectory, found.segments);
  try {
    return await recoverSegments(options, segments, found);
  } catch (error) {
    await segments.close();
    throw error;
  }
}

async function recoverSegments(
  options: RecoverOptions,
  segments: SegmentList,
  { damage: damageFound, unservedPosition }: FoundSegments,
): Promise<RecoveredLog> {
  const { head } = options;
  const { firstPosition: segment, headerBytes: offset, headerChecksum: checksum } = segments.last;
  const startOfLast: LogEnd = { segment, offset, position: segment - 1, checksum };
  const missing = head && (await whatIsMissing(segments, head.end));
  const isHeadInLast = missing === undefined && head?.end.segment === segment;
  const start = isHeadInLast ? head.end : startOfLast;
  const tail = await scanTail(segments, start);
  if (head === undefined && tail.end.position > 0) {
    options.observer.notice?.({
      level: 'warn',
      message: 'The file "head" is missing or unreadable; the last segment was checked instead.',
    });
  }
  const damage = [...damageFound, ...(missing === undefined ? [] : [missing]), ...tail.damage];
  const end = missing && isOfAnotherLife(segments, head.end, tail) ? startOfLast : tail.end;
  if (damage.length === 0) await settleTail(options, { segments, from: start.offset, end });
  segments.last.bytes = end.offset;
  const knownPosition = Math.max(end.position, tail.durablePosition, unservedPosition, head?.end.position ?? 0);
  return { segments, tip: { ...end, timeMs: await lastTimeMs(segments) }, knownPosition, damage };
}

/** A store without segments is new, unless somebody knows of events in it. */
async function recoverEmpty(options: RecoverOptions, found: FoundSegments): Promise<RecoveredLog> {
  const { fileSystem, logDirectory, store, head } = options;
  const lost = Math.max(found.unservedPosition, head?.end.position ?? 0);
  const text = `the log has no segments, but was durable up to position ${lost}`;
  const damage = [...found.damage, ...(lost > 0 ? [{ file: segmentName(1), offset: 0, text }] : [])];
  const header = encodeSegmentHeader({ ...store, firstPosition: 1, previousChecksum: 0 });
  const { bytes, checksum } = header;
  if (damage.length === 0)
    await createFile(fileSystem, { directory: logDirectory, name: segmentName(1), content: bytes });
  const salt = segmentSalt(store, 1);
  const segment = { firstPosition: 1, headerBytes: bytes.length, headerChecksum: checksum, salt, bytes: bytes.length };
  const tip = { segment: 1, offset: bytes.length, position: 0, checksum, timeMs: 0 };
  return { segments: new SegmentList(fileSystem, logDirectory, [segment]), tip, knownPosition: lost, damage };
}

/** What was durable according to `head` and is not there. */
async function whatIsMissing(segments: SegmentList, end: LogEnd): Promise<Damage | undefined> {
  const file = segmentName(end.segment);
  const text = `the log was durable up to here (position ${end.position}), and is not what was written`;
  const segment = segments.holding(end.segment);
  if (segment.firstPosition !== end.segment || segment.bytes < end.offset) return { file, offset: end.offset, text };
  const trailer = Buffer.alloc(trailerBytes);
  await segments.read(end.segment, trailer, end.offset - trailerBytes);
  return readTrailer(trailer, 0) === end.checksum ? undefined : { file, offset: end.offset, text };
}

/**
 * Whether lines that all follow from each other lead past what was durable without being it: such
 * a segment was put there from a copy that went its own way, and nothing in it may be served.
 */
function isOfAnotherLife({ last }: SegmentList, durable: LogEnd, { isWhole }: ScannedTail): boolean {
  return isWhole && last.firstPosition === durable.segment && last.bytes >= durable.offset;
}

interface Tail {
  readonly segments: SegmentList;
  /** Up to here everything was surely durable. */
  readonly from: number;
  readonly end: LogEnd;
}

/**
 * Cuts what is behind the end, and writes what is between again: after a failed sync it may stand
 * in the page cache alone.
 */
async function settleTail(options: RecoverOptions, { segments, from, end }: Tail): Promise<void> {
  const { fileSystem, logDirectory, observer } = options;
  const { firstPosition, bytes } = segments.last;
  if (bytes === from && end.offset === from) return;
  const file = await fileSystem.open(`${logDirectory}/${segmentName(firstPosition)}`, 'write');
  try {
    const torn = withoutZerosAhead(await readRange(file, end.offset, bytes));
    if (torn.length > 0) {
      const kept = await keepTorn(options, { name: `${firstPosition}-${end.offset}.torn`, content: torn });
      const message = `A torn tail of ${torn.length} bytes was cut${kept ? ` and kept as ${kept}` : '; there was no room to keep it'}.`;
      observer.notice?.({
        level: 'warn',
        message,
        fields: { segment: segmentName(firstPosition), offset: end.offset },
      });
    }
    for (let at = from; at < end.offset; at += limits.batchBytesMax) {
      file.write(await readRange(file, at, Math.min(end.offset, at + limits.batchBytesMax)), at);
    }
    await file.truncate(end.offset);
    await file.sync();
  } finally {
    await file.close();
  }
}

function withoutZerosAhead(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1);
}

async function readRange(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const content = Buffer.alloc(to - from);
  return content.subarray(0, await file.read(content, from));
}

/** Keeps a torn tail beside the log, if there is room; returns the file. */
async function keepTorn(
  { fileSystem, tornDirectory: directory }: RecoverOptions,
  { name, content }: { name: string; content: Buffer },
): Promise<string | undefined> {
  try {
    if ((await fileSystem.stat(directory)) === undefined) await fileSystem.makeDirectory(directory);
    await createFile(fileSystem, { directory, name, content });
    return `${directory}/${name}`;
  } catch (error) {
    if (isDiskFull(error)) return undefined;
    throw error;
  }
}

/** The time of the last event; 0 when there is none. */
async function lastTimeMs(segments: SegmentList): Promise<number> {
  for (const { firstPosition, headerBytes, bytes } of segments.all.toReversed()) {
    if (bytes === headerBytes) continue;
    const end = Buffer.alloc(Math.min(lineBytesMax, bytes));
    await segments.read(firstPosition, end, bytes - end.length);
    try {
      const { time } = JSON.parse(end.toString('utf8', startOfLastLine(end))) as { time?: string };
      return time === undefined ? 0 : Date.parse(time);
    } catch {
      return 0;
    }
  }
  return 0;
}
