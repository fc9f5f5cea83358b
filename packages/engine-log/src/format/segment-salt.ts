/**
 * What ties each line of a segment to it. The digits of a line vouch for the next one, so two lines
 * of another store would vouch for each other wherever they got to; the salt, which is in all digits
 * of a segment, comes from what a reader knows without the file: whose log it is, and the name.
 */
import { crc32 } from 'node:zlib';
import { segmentName } from './segment-header.ts';
import type { StoreIdentity } from './store-file.ts';

/** Stores of format 1 have none, also in the segments that they begin today. */
const firstFormatWithSalt = 2;

export function segmentSalt({ format, storeId }: StoreIdentity, firstPosition: number): number {
  return format < firstFormatWithSalt ? 0 : crc32(`${storeId}/${segmentName(firstPosition)}`);
}
