/** Reads the first line of a segment, by a pattern of its own. */
import { crc32 } from 'node:zlib';
import { trailerBytes } from '../format/checksum.ts';
import { headerBytesMax } from '../format/segment-header.ts';

export interface ReadHeader {
  readonly format: number;
  readonly storeId: string;
  readonly firstPosition: number;
  /** The digits of the last line of the segment before. */
  readonly previous: number;
  readonly bytes: number;
  readonly digits: number;
}

const pattern =
  /^\{"segment":\{"format":(\d+),"storeId":("(?:[^"\\]|\\.)*"),"firstPosition":(\d+),"previousCrc32":"([0-9a-f]{8})"\},"crc32":"([0-9a-f]{8})"\}\n/;

/** `undefined` when no intact header stands at the start. */
export function readHeader(start: Buffer): ReadHeader | undefined {
  const found = pattern.exec(start.toString('utf8', 0, headerBytesMax));
  if (found === null) return undefined;
  const [line, format, storeId = '', firstPosition, previous = '', digits = ''] = found;
  const bytes = Buffer.byteLength(line);
  if (crc32(start.subarray(0, bytes - trailerBytes)) !== Number.parseInt(digits, 16)) return undefined;
  return {
    format: Number(format),
    storeId: JSON.parse(storeId) as string,
    firstPosition: Number(firstPosition),
    previous: Number.parseInt(previous, 16),
    bytes,
    digits: Number.parseInt(digits, 16),
  };
}
