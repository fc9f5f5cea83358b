/**
 * Finds the segments of a log and checks that they are one chain: each header intact, of this
 * store, and continuing where the segment before it ends.
 */
import { StartError } from '@event-store/core';
import type { FileSystem } from '../file-system.ts';
import { readTrailer, trailerBytes } from '../format/checksum.ts';
import { positionOfLine } from '../format/log-line.ts';
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
    const problem =
      decoded === undefined
        ? 'its header cannot be read'
        : before === undefined
          ? firstProblem(header)
          : chainProblem(header, before);
    if (header.firstPosition !== position) {
      damage.push({
        file: segmentName(position),
        offset: 0,
        text: `it is the segment of position ${header.firstPosition}`,
      });
    }
    if (problem !== undefined) damage.push({ file: segmentName(position), offset: 0, text: problem });
    segments.push({
      firstPosition: position,
      headerBytes: header.bytes,
      headerChecksum: header.checksum,
      bytes: content.bytes,
    });
    before = endOfSegment(content.end, header);
  }
  return { segments, damage };
}

/** No line is longer. */
const lineBytesMax = 512 * 1024;

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
  /** The position of the last line; `undefined` when it cannot be read. */
  readonly position: number | undefined;
  readonly checksum: number | undefined;
}

/** The last line of a sealed segment; that of an empty one is its header. */
function endOfSegment(end: Buffer, { bytes, firstPosition, checksum }: DecodedHeader): EndOfSegment {
  if (end.length === bytes) return { position: firstPosition - 1, checksum };
  const position = positionOfLine(end, startOfLastLine(end), end.length);
  return { position, checksum: readTrailer(end, end.length - trailerBytes) };
}

function firstProblem({ firstPosition }: DecodedHeader): string | undefined {
  return firstPosition !== 1 ? `the log begins at position ${firstPosition}; earlier segments are missing` : undefined;
}

function chainProblem({ firstPosition, previousChecksum }: DecodedHeader, before: EndOfSegment): string | undefined {
  if (before.position === undefined || before.checksum === undefined) return 'the segment before it has no intact end';
  if (before.position + 1 !== firstPosition) {
    return `it begins at position ${firstPosition}, but the segment before it ends at ${before.position}`;
  }
  return before.checksum === previousChecksum ? undefined : 'it does not continue the segment before it';
}
