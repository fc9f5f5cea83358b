/**
 * The running checksum. Each line of a segment ends with the CRC-32 (as in gzip, IEEE 802.3) of
 * all bytes of the segment before its own eight hex digits, XOR the salt (segment-salt.ts):
 *
 *     …,"crc32":"9f3a01bc"}␊
 *                ├──────┤└┬┘
 *                digits   ending        trailer = digits + ending, 11 bytes
 *
 * Since crc32(b, crc32(a)) = crc32(a + b), the digits of a line and its trailer give the state in
 * which the next line starts, so any run of whole lines is checked by one call, from any line on.
 */
import { crc32 } from 'node:zlib';

/** Bytes of the hex digits, the closing quote and brace, and the line feed. */
export const trailerBytes = 11;
const digitsBytes = 8;
const ending = Buffer.from('"}\n', 'latin1');

/** Continues a checksum over more bytes. */
export function continueChecksum(checksum: number, bytes: Uint8Array): number {
  return crc32(bytes, checksum);
}

/** Of what stands alone, with nothing before it that could be another's: a header, a slot of `head`. */
export const noSalt = 0;

/** The digits of a line that ends in this state; and the other way round. */
export function salted(checksum: number, salt: number): number {
  return (checksum ^ salt) >>> 0;
}

/** The state after a line with these digits: over the digits and the ending too. */
export function checksumAfterLine(digits: number, salt: number): number {
  const trailer = Buffer.allocUnsafe(trailerBytes);
  writeTrailer(trailer, 0, digits);
  return crc32(trailer, salted(digits, salt));
}

const hexDigits = Buffer.from('0123456789abcdef', 'latin1');

/** Writes digits and ending at `at`; returns the offset behind them. */
export function writeTrailer(target: Buffer, at: number, checksum: number): number {
  for (let i = 0; i < digitsBytes; i++) {
    target[at + i] = hexDigits[(checksum >>> (28 - 4 * i)) & 15] as number;
  }
  ending.copy(target, at + digitsBytes);
  return at + trailerBytes;
}

/** The digits of the trailer at `at`; `undefined` when what stands there is no trailer. */
export function readTrailer(source: Buffer, at: number): number | undefined {
  if (at < 0 || at + trailerBytes > source.length) return undefined;
  let checksum = 0;
  for (let i = 0; i < digitsBytes; i++) {
    const digit = hexValue(source[at + i] as number);
    if (digit < 0) return undefined;
    checksum = checksum * 16 + digit;
  }
  return ending.equals(source.subarray(at + digitsBytes, at + trailerBytes)) ? checksum : undefined;
}

function hexValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x61 && byte <= 0x66) return byte - 0x61 + 10;
  return -1;
}

/** Eight lower-case hex digits. */
export function formatChecksum(checksum: number): string {
  return checksum.toString(16).padStart(digitsBytes, '0');
}

/**
 * Checks a run of whole lines that starts in state `seed`.
 *
 * @returns the last line's digits; `undefined` when any byte of the run is not as it was written.
 */
export function verifyLines(lines: Buffer, seed: number, salt: number): number | undefined {
  const digitsAt = lines.length - trailerBytes;
  const claimed = readTrailer(lines, digitsAt);
  if (claimed === undefined) return undefined;
  return salted(crc32(lines.subarray(0, digitsAt), seed), salt) === claimed ? claimed : undefined;
}
