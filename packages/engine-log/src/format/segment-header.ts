/**
 * The first line of a segment, which ties it to its store and to the segment before it:
 *
 *     {"segment":{"format":2,"storeId":"…","firstPosition":1,"previousCrc32":"00000000"},"crc32":"9f3a01bc"}
 *
 * `previousCrc32` are the digits of the last line of the segment before (zeros for the first). Its own
 * digits are without salt, so that a file can always be asked whose it is. The segment is named after
 * its first position: 00000000000000000001.ndjson.
 */
import {
  continueChecksum,
  formatChecksum,
  noSalt,
  readTrailer,
  trailerBytes,
  verifyLines,
  writeTrailer,
} from './checksum.ts';
import type { StoreIdentity } from './store-file.ts';

export interface SegmentHeader extends StoreIdentity {
  readonly firstPosition: number;
  readonly previousChecksum: number;
}

export interface EncodedHeader {
  readonly bytes: Buffer;
  /** The header's own digits. */
  readonly checksum: number;
}

export function encodeSegmentHeader(header: SegmentHeader): EncodedHeader {
  const { format, storeId, firstPosition, previousChecksum } = header;
  const segment = { format, storeId, firstPosition, previousCrc32: formatChecksum(previousChecksum) };
  const text = Buffer.from(`{"segment":${JSON.stringify(segment)},"crc32":"`, 'utf8');
  const checksum = continueChecksum(0, text);
  const bytes = Buffer.concat([text, Buffer.alloc(trailerBytes)]);
  writeTrailer(bytes, text.length, checksum);
  return { bytes, checksum };
}

/** No header is longer. */
export const headerBytesMax = 512;

export interface DecodedHeader extends SegmentHeader {
  /** Where the first event's line starts. */
  readonly bytes: number;
  readonly checksum: number;
}

/** Reads the header from the first bytes of a segment; `undefined` when it is not an intact one. */
export function decodeSegmentHeader(start: Buffer): DecodedHeader | undefined {
  const bytes = start.indexOf('\n') + 1;
  const line = start.subarray(0, bytes);
  const checksum = verifyLines(line, 0, noSalt);
  if (checksum === undefined) return undefined;
  const { segment } = JSON.parse(line.toString('utf8')) as { segment?: Record<string, unknown> };
  const { format, storeId, firstPosition, previousCrc32 } = segment ?? {};
  if (typeof format !== 'number' || typeof storeId !== 'string' || typeof firstPosition !== 'number') return undefined;
  const previousChecksum = readTrailer(Buffer.from(`${previousCrc32}"}\n`, 'latin1'), 0);
  return previousChecksum === undefined
    ? undefined
    : { format, storeId, firstPosition, previousChecksum, bytes, checksum };
}

const nameDigits = 20;
const namePattern = /^(\d{20})\.ndjson$/;

export function segmentName(firstPosition: number): string {
  return `${String(firstPosition).padStart(nameDigits, '0')}.ndjson`;
}

/** The first position in a segment's name; `undefined` when it is not one. */
export function parseSegmentName(name: string): number | undefined {
  const position = Number(namePattern.exec(name)?.[1]);
  return segmentName(position) === name ? position : undefined;
}
