/**
 * The last 11 bytes of a line, and its checksum, read for checking alone. Nothing here is shared
 * with what serves events but the numbers of the format, so that an error in one shows in the other.
 */
import { crc32 } from 'node:zlib';
import { trailerBytes } from '../format/checksum.ts';

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

/** The checksum of `body`, a line without its trailer, behind a line with the digits `before`. */
export function digitsOf(body: Uint8Array, before: number): number {
  return crc32(body, crc32(trailerOf(before), before));
}
