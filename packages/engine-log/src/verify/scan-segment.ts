/**
 * Walks over a segment and tells what is intact from what is not, line by line, in constant memory:
 *
 *     ├ header ┤ line ┤ line ┤ gap: not as written ┤ line ┤ …
 *                     └ before                     └ after: the digits that vouch for what follows
 *
 * A gap ends where a line follows from the digits in front of it: the line behind an unreadable
 * one is in the gap too if those digits are what is damaged.
 */

import type { FileHandle } from '../file-system.ts';
import { trailerBytes } from '../format/checksum.ts';
import { lineBytesMax } from '../format/log-line.ts';
import { digitsBefore, digitsOf } from './read-trailer.ts';
import { isLostLine } from './stored-line.ts';

export interface IntactLine {
  readonly kind: 'line';
  readonly offset: number;
  /** With its line feed; valid until the next pieces are asked for. */
  readonly bytes: Buffer;
  readonly digits: number;
}

export interface Gap {
  readonly kind: 'gap';
  readonly offset: number;
  /** Where the next intact line starts, or the end of the file. */
  readonly end: number;
  /** Where the zeros begin that may stand at the end of the file; `end` when there are none. */
  readonly contentEnd: number;
  /** The digits of the line before it. */
  readonly before: number | undefined;
  /** The digits that stand at its end; nothing vouches for them at the end of the file. */
  readonly after: number | undefined;
}

export interface SegmentRange {
  /** The start of a line. */
  readonly from: number;
  readonly to: number;
  /** The digits of the line before; `undefined` when they are not known. */
  readonly before: number | undefined;
  readonly salt: number;
}

/** Holds the longest line, and the trailer before it. */
const windowBytes = 2 * lineBytesMax;

export async function* scanSegment(
  file: FileHandle,
  { from, to, before, salt }: SegmentRange,
): AsyncGenerator<readonly (IntactLine | Gap)[]> {
  const window = Buffer.allocUnsafeSlow(Math.max(0, Math.min(windowBytes, to - from)));
  let at = from;
  let digits = before;
  while (at < to) {
    const lines =
      digits === undefined ? [] : intactLines(await read(file, window, { at, to }), { at, before: digits, salt });
    const last = lines.at(-1);
    if (last !== undefined) {
      yield lines;
      at = last.offset + last.bytes.length;
      digits = last.digits;
      continue;
    }
    const gap = await findAnchor(file, window, { from: at, to, before: digits, salt });
    yield [gap];
    at = gap.end;
    digits = gap.after;
  }
}

/** The whole lines at the start of `bytes` that follow from each other. */
function intactLines(bytes: Buffer, { at, before, salt }: { at: number; before: number; salt: number }): IntactLine[] {
  const lines: IntactLine[] = [];
  let digits = before;
  for (let start = 0, end = bytes.indexOf('\n') + 1; end > 0; start = end, end = bytes.indexOf('\n', end) + 1) {
    const line = bytes.subarray(start, end);
    const found = intactDigits(line, { before: digits, salt });
    if (found === undefined) break;
    lines.push({ kind: 'line', offset: at + start, bytes: line, digits: found });
    digits = found;
  }
  return lines;
}

/** The digits of a line that is as it was written. */
function intactDigits(line: Buffer, { before, salt }: { before: number; salt: number }): number | undefined {
  const digits = digitsBefore(line, line.length);
  if (digits === undefined) return undefined;
  const isIntact = isLostLine(line, salt) || digitsOf(line.subarray(0, -trailerBytes), { before, salt }) === digits;
  return isIntact ? digits : undefined;
}

/** Looks for the next line that follows from the digits in front of it. */
async function findAnchor(file: FileHandle, window: Buffer, { from, to, before, salt }: SegmentRange): Promise<Gap> {
  let contentEnd = from;
  for (let at = from; at < to; ) {
    const bytes = await read(file, window, { at, to });
    if (bytes.length === 0) break;
    const lastContent = bytes.findLastIndex((byte) => byte !== 0);
    if (lastContent >= 0) contentEnd = at + lastContent + 1;
    const anchor = anchorIn(bytes, salt);
    if (anchor !== undefined) {
      const end = at + anchor.start;
      return { kind: 'gap', offset: from, end, contentEnd: end, before, after: anchor.digits };
    }
    if (at + bytes.length >= to) break;
    at += stepOver(bytes);
  }
  const after = contentEnd === to && to - from >= trailerBytes ? await digitsAtEnd(file, to) : undefined;
  return { kind: 'gap', offset: from, end: to, contentEnd, before, after };
}

function anchorIn(bytes: Buffer, salt: number): { readonly start: number; readonly digits: number } | undefined {
  for (let start = bytes.indexOf('\n') + 1; start > 0; start = bytes.indexOf('\n', start) + 1) {
    const end = bytes.indexOf('\n', start) + 1;
    if (end === 0) return undefined;
    const digits = digitsBefore(bytes, start);
    if (digits === undefined) continue;
    if (intactDigits(bytes.subarray(start, end), { before: digits, salt }) !== undefined) return { start, digits };
  }
  return undefined;
}

/** Goes on so that the last trailer seen, and the line behind it, are in the next window. */
function stepOver(bytes: Buffer): number {
  const lastLine = bytes.lastIndexOf('\n') + 1 - trailerBytes;
  return lastLine > 0 ? lastLine : bytes.length - trailerBytes;
}

async function digitsAtEnd(file: FileHandle, end: number): Promise<number | undefined> {
  const trailer = Buffer.alloc(trailerBytes);
  await file.read(trailer, end - trailerBytes);
  return digitsBefore(trailer, trailerBytes);
}

async function read(file: FileHandle, window: Buffer, { at, to }: { at: number; to: number }): Promise<Buffer> {
  const wanted = window.subarray(0, Math.min(window.length, to - at));
  return wanted.subarray(0, await file.read(wanted, at));
}
