/**
 * Finds the segments of a log and checks that they are one chain: each header intact, of this
 * store, and continuing where the segment before it ends.
 */
import { StartError } from '@event-store/core';
import type { FileSystem } from '../file-system.ts';
import { readTrailer, trailerBytes, verifyLines } from '../format/checksum.ts';
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
import { formatVersion } from '../format/store-file.ts';
import { startOfLastLine } from '../segment/check-lines.ts';
import type { Segment } from '../segment/segment-list.ts';
import type { Damage } from './damage.ts';

export interface FoundSegments {
  readonly segments: readonly Segment[];
  /** What is wrong between or in front of segments. */
  readonly damage: readonly Damage[];
}

/** @throws StartError `foreign-data` for segments of another store or of a newer format. */
export async function openSegments(fileSystem: FileSystem, directory: string, storeId: string): Promise<FoundSegments> {
  const names = await fileSystem.list(directory);
  const positions = names.map(parseSegmentName).filter((position) => position !== undefined);
  const segments: Segment[] = [];
  const damage: Damage[] = [];
  let before: EndOfSegment | undefined;
  for (const position of positions) {
    const path = `${directory}/${segmentName(position)}`;
    const content = await readEnds(fileSystem, path);
    const decoded = decodeSegmentHeader(content.start);
    if (decoded !== undefined) checkOwner(decoded, storeId, path);
    const header =
      decoded ?? expectedHeader({ storeId, firstPosition: position, previousChecksum: before?.checksum ?? 0 });
    const problem = decoded === undefined ? 'its header cannot be read' : problemOfName(header, position);
    if (problem !== undefined) damage.push({ file: segmentName(position), offset: 0, text: problem });
    const gap = before === undefined ? damageBefore(header) : damageBetween(before, header);
    if (decoded !== undefined && gap !== undefined) {
      damage.push(gap);
      if (before?.isIntact && gap.file === before.file) segments.pop();
    }
    segments.push({
      firstPosition: position,
      headerBytes: header.bytes,
      headerChecksum: header.checksum,
      bytes: content.bytes,
    });
    before = { file: segmentName(position), bytes: content.bytes, ...endOfSegment(content.end, header) };
  }
  return { segments, damage };
}

async function readEnds(fileSystem: FileSystem, path: string): Promise<{ start: Buffer; end: Buffer; bytes: number }> {
  const bytes = (await fileSystem.stat(path))?.bytes ?? 0;
  const file = await fileSystem.open(path, 'read');
  try {
    const start = Buffer.alloc(Math.min(bytes, headerBytesMax));
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
  return { ...header, format: formatVersion, bytes: bytes.length, checksum };
}

function checkOwner({ format, storeId: owner }: DecodedHeader, storeId: string, path: string): void {
  if (format > formatVersion)
    throw new StartError('foreign-data', `${path} is of format ${format}; start a newer release`);
  if (owner !== storeId)
    throw new StartError('foreign-data', `${path} belongs to another store; move it out of the data directory`);
}

interface EndOfSegment {
  readonly file: string;
  /** Of the file. */
  readonly bytes: number;
  /** The position of the last line; `undefined` when it cannot be read. */
  readonly position: number | undefined;
  readonly checksum: number | undefined;
  /**
   * Whether the last line follows from the one before it. If another end was continued, the segment
   * is of a copy of the store that went its own way, and nothing in it may be served.
   */
  readonly isIntact: boolean;
}

/** The last line of a sealed segment; that of an empty one is its header. */
function endOfSegment(
  end: Buffer,
  { bytes, firstPosition, checksum }: DecodedHeader,
): Pick<EndOfSegment, 'position' | 'checksum' | 'isIntact'> {
  if (end.length === bytes) return { position: firstPosition - 1, checksum, isIntact: true };
  const start = startOfLastLine(end);
  const position = positionOfLine(end, start, end.length);
  const previous = readTrailer(end, start - trailerBytes);
  const isIntact = previous !== undefined && verifyLines(end.subarray(start - trailerBytes), previous) !== undefined;
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
