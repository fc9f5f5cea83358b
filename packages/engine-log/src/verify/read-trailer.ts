/**
 * The last 11 bytes of a line, and its checksum, read for checking alone. Nothing here is shared
 * with what serves events but the numbers of the format, so that an error in one shows in the other.
 */
import { crc32 } from 'node:zlib';
import { trailerBytes } from '../format/checksum.ts';
import type { StoreIdentity } from '../format/store-file.ts';

const trailerPattern = /^[0-9a-f]{8}"\}\n$/;

/** The digits of the trailer that ends at `end`; `undefined` when none does. */
export function digitsBefore(bytes: Buffer, end: number): number | undefined {
  if (end < trailerBytes) return undefined;
  const text = bytes.toString('latin1', end - trailerBytes, end);
  return trailerPattern.test(text) ? Number.parseInt(text.slice(0, 8), 16) : undefined;
}

/** A trailer with these digits. */
export function trailerOf(digits: number): Buffer {
  return Buffer.from(`${printed(digits)}"}\n`, 'latin1');
}

/** The digits as they are printed. */
export function printed(digits: number): string {
  return digits.toString(16).padStart(8, '0');
}

/** What the digits of a segment are mixed with, by the name of its file; format 1 knows no such thing. */
export function saltOf({ format, storeId }: StoreIdentity, name: string): number {
  return format < 2 ? 0 : crc32(Buffer.from(`${storeId}/${name}`, 'utf8'));
}

/** The digits that stand for a checksum in a segment with this salt. */
export function mixed(checksum: number, salt: number): number {
  return (checksum ^ salt) >>> 0;
}

/** The digits that `body`, a line without its trailer, must have behind a line with the digits `before`. */
export function digitsOf(body: Uint8Array, { before, salt }: { before: number; salt: number }): number {
  return mixed(crc32(body, crc32(trailerOf(before), mixed(before, salt))), salt);
}
