/**
 * Finds the segments of a log and checks that they are one chain: each header intact, of this
 * store, and continuing where the segment before it ends.
 */
import { StartError } from '@event-store/core';
import type { FileSystem } from '../file-system.ts';
import { checksumAfterLine, readTrailer, salted, trailerBytes, verifyLines } from '../format/checksum.ts';
import type { Head } from '../format/head-file.ts';
import { lineBytesMax, positionOfLine } from '../format/log-line.ts';
import {
  type DecodedHeader,
  decodeSegmentHeader,
  encodeSegmentHeader,
  headerBytesMax,
  parseSegmentName,
  type SegmentHeader,
  segmentName,
} from '../format/segment-header.ts';
import { segmentSalt } from '../format/segment-salt.ts';
import { formatVersion, type StoreIdentity } from '../format/store-file.ts';
import { lineEnd, startOfLastLine } from '../segment/check-lines.ts';
import type { Segment } from '../segment/segment-list.ts';
import type { Damage } from './damage.ts';

export interface FoundSegments {
  readonly segments: readonly Segment[];
  /** What is wrong between or in front of segments. */
  readonly damage: readonly Damage[];
  /** The last position in segments that are not served; 0 when there are none. */
  readonly unservedPosition: number;
}

/** @throws StartError `foreign-data` for segments of another store or of a newer format. */
export async function openSegments(places: LogPlaces): Promise<FoundSegments> {
  const { fileSystem, directory, store } = places;
  const names = await fileSystem.list(directory);
  const positions = names.map(parseSegmentName).filter((position) => position !== undefined);
  const links: Link[] = [];
  const damage: Damage[] = [];
  for (const position of positions) {
    const path = `${directory}/${segmentName(position)}`;
    const content = await readEnds(fileSystem, path);
    const decoded = decodeSegmentHeader(content.start);
    if (decoded !== undefined) checkOwner(decoded, store, path);
    const last = links.at(-1);
    const salt = segmentSalt(store, position);
    const header =
      decoded ?? expectedHeader({ ...store, firstPosition: position, previousChecksum: last?.end.checksum ?? 0 });
    const problem = decoded === undefined ? 'its header cannot be read' : problemOfName(header, position);
    if (problem !== undefined) damage.push({ file: segmentName(position), offset: 0, text: problem });
    const gap = last === undefined ? damageBefore(header) : damageBetween(last.end, header);
    if (decoded !== undefined && gap !== undefined) damage.push(gap);
    const follows = decoded !== undefined && last !== undefined && gap === undefined;
    const parts =
      decoded !== undefined && gap !== undefined && last?.end.isIntact === true && overlaps(last.end, header);
    if (last !== undefined) {
      last.isFollowed ||= follows;
      last.isDoubtful ||= parts;
    }
    links.push({
      segment: {
        firstPosition: position,
        headerBytes: header.bytes,
        headerChecksum: header.checksum,
        salt,
        bytes: content.bytes,
      },
      end: { file: segmentName(position), bytes: content.bytes, ...endOfSegment(content.end, header, salt) },
      isNamed: header.firstPosition === position,
      isDoubtful: parts || (decoded === undefined && !startsBehind(content.start, header, salt)),
      isFollowed: follows,
    });
  }
  const segments: Segment[] = [];
  let unservedPosition = 0;
  for (const link of links) {
    if (await isServed(link, places)) segments.push(link.segment);
    else unservedPosition = Math.max(unservedPosition, await highestPosition(places, link.segment));
  }
  return { segments, damage, unservedPosition };
}

export interface LogPlaces {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  readonly store: StoreIdentity;
  /** What `head` says; `undefined` when it is missing or unreadable. */
  readonly head: Head | undefined;
}

/** A segment, and how it hangs together with its neighbours. */
interface Link {
  readonly segment: Segment;
  readonly end: EndOfSegment;
  /** Whether it is the segment that its name says. */
  readonly isNamed: boolean;
  /** Whether it does not follow from an intact neighbour, or has no header that ties it to this log. */
  isDoubtful: boolean;
  /** Whether it follows from a neighbour, or a neighbour from it. */
  isFollowed: boolean;
}

/** The highest position that a line near the end of a segment says it has. */
async function highestPosition({ fileSystem, directory }: LogPlaces, { firstPosition }: Segment): Promise<number> {
  const { end } = await readEnds(fileSystem, `${directory}/${segmentName(firstPosition)}`);
  let highest = firstPosition - 1;
  for (let start = 0, next = lineEnd(end, 0); next > 0; start = next, next = lineEnd(end, start)) {
    highest = Math.max(highest, positionOfLine(end, start, next) ?? 0);
  }
  return highest;
}

/** Whether the first line goes on from the header as it must have been. */
function startsBehind(start: Buffer, { bytes, checksum }: DecodedHeader, salt: number): boolean {
  const line = start.subarray(bytes, lineEnd(start, bytes));
  return verifyLines(line, checksumAfterLine(checksum, salt), salt) !== undefined;
}

/** Whether a segment goes on where the one before it has something else, rather than behind a gap. */
function overlaps({ position = 0 }: EndOfSegment, { firstPosition }: DecodedHeader): boolean {
  return position >= firstPosition - 1;
}

/**
 * Whether a segment is of this log: one under another's name is not, nor is one that is doubtful, as
 * one from a copy of the store is that went its own way, unless a neighbour or `head` vouches for it.
 */
async function isServed(
  { segment, isNamed, isDoubtful, isFollowed }: Link,
  { fileSystem, directory, head }: LogPlaces,
): Promise<boolean> {
  if (!isNamed || !isDoubtful || isFollowed) return isNamed;
  if (head?.end.segment !== segment.firstPosition) return false;
  const file = await fileSystem.open(`${directory}/${segmentName(segment.firstPosition)}`, 'read');
  try {
    const trailer = Buffer.alloc(trailerBytes);
    await file.read(trailer, Math.max(0, head.end.offset - trailerBytes));
    return readTrailer(trailer, 0) === head.end.checksum;
  } finally {
    await file.close();
  }
}

async function readEnds(fileSystem: FileSystem, path: string): Promise<{ start: Buffer; end: Buffer; bytes: number }> {
  const { kind, bytes } = (await fileSystem.stat(path)) ?? { kind: 'other', bytes: 0 };
  if (kind !== 'file') throw new StartError('foreign-data', `${path} is not a file; move it out of the data directory`);
  const file = await fileSystem.open(path, 'read');
  try {
    const start = Buffer.alloc(Math.min(bytes, headerBytesMax + lineBytesMax));
    await file.read(start, 0);
    const end = Buffer.alloc(Math.min(bytes, lineBytesMax));
    await file.read(end, bytes - end.length);
    return { start, end, bytes };
  } finally {
    await file.close();
  }
}

/** The header as it must have been, so that the lines behind an unreadable one can be checked and served. */
function expectedHeader(header: SegmentHeader): DecodedHeader {
  const { bytes, checksum } = encodeSegmentHeader(header);
  return { ...header, bytes: bytes.length, checksum };
}

function checkOwner({ format, storeId }: DecodedHeader, store: StoreIdentity, path: string): void {
  if (format > formatVersion)
    throw new StartError('foreign-data', `${path} is of format ${format}; start a newer release`);
  if (storeId !== store.storeId)
    throw new StartError(
      'foreign-data',
      `${path} belongs to another store than store.json; move it out of the data directory, or restore the right store.json`,
    );
  if (format !== store.format)
    throw new StartError(
      'foreign-data',
      `${path} is of format ${format}, and store.json of ${store.format}; restore the right store.json`,
    );
}

interface EndOfSegment {
  readonly file: string;
  /** Of the file. */
  readonly bytes: number;
  /** The position of the last line; `undefined` when it cannot be read. */
  readonly position: number | undefined;
  readonly checksum: number | undefined;
  /** Whether the last line follows from the one before it. */
  readonly isIntact: boolean;
}

/** The last line of a sealed segment; that of an empty one is its header. */
function endOfSegment(
  end: Buffer,
  { bytes, firstPosition, checksum }: DecodedHeader,
  salt: number,
): Pick<EndOfSegment, 'position' | 'checksum' | 'isIntact'> {
  if (end.length === bytes) return { position: firstPosition - 1, checksum, isIntact: true };
  const start = startOfLastLine(end);
  const position = positionOfLine(end, start, end.length);
  const previous = readTrailer(end, start - trailerBytes);
  const isIntact =
    previous !== undefined &&
    verifyLines(end.subarray(start - trailerBytes), salted(previous, salt), salt) !== undefined;
  return { position, checksum: readTrailer(end, end.length - trailerBytes), isIntact };
}

function problemOfName({ firstPosition }: DecodedHeader, position: number): string | undefined {
  return firstPosition === position ? undefined : `it is the segment of position ${firstPosition}`;
}

function damageBefore({ firstPosition }: DecodedHeader): Damage | undefined {
  const text = `the log begins at position ${firstPosition}; earlier segments are missing`;
  return firstPosition === 1 ? undefined : { file: segmentName(firstPosition), offset: 0, text };
}

/** The header is intact: either the last line before it is not as it was written, or whole segments are missing. */
function damageBetween(before: EndOfSegment, { firstPosition, previousChecksum }: DecodedHeader): Damage | undefined {
  const isNext = before.position === firstPosition - 1;
  const isContinued = before.checksum === previousChecksum;
  if (isNext && isContinued) return undefined;
  if (isNext || isContinued)
    return { file: before.file, offset: before.bytes, text: 'its end is not as it was written' };
  const text = `it begins at position ${firstPosition}, but the segment before it ends at ${before.position}`;
  return { file: segmentName(firstPosition), offset: 0, text };
}
