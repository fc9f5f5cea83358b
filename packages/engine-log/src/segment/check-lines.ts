/**
 * Checks runs of lines against their running checksum: all at once where all is well, line by
 * line where it is not, or where a repair left lost lines.
 */
import { checksumAfterLine, verifyLines } from '../format/checksum.ts';
import { decodeLostLine } from '../format/lost-line.ts';

const lineFeed = 0x0a;

export interface CheckedLines {
  /** Bytes of whole lines from the start that are as they were written. */
  readonly intactBytes: number;
  /** The digits of the last of them; those of the line before if there is none. */
  readonly checksum: number;
  /** Whether some of them stand for lost events. */
  readonly hasLost: boolean;
}

/** What lines go on from. */
export interface LinesBefore {
  /** The digits of the line before. */
  readonly previous: number;
  /** Of their segment. */
  readonly salt: number;
}

/** Checks `lines`, a run of whole lines. */
export function checkLines(lines: Buffer, before: LinesBefore): CheckedLines {
  const checksum = verifyLines(lines, checksumAfterLine(before.previous, before.salt), before.salt);
  if (checksum !== undefined) return { intactBytes: lines.length, checksum, hasLost: false };
  return checkOneByOne(lines, before);
}

function checkOneByOne(lines: Buffer, { previous, salt }: LinesBefore): CheckedLines {
  let checksum = previous;
  let intactBytes = 0;
  let hasLost = false;
  while (intactBytes < lines.length) {
    const end = lines.indexOf(lineFeed, intactBytes) + 1;
    if (end === 0) break;
    const line = lines.subarray(intactBytes, end);
    const lost = decodeLostLine(line, salt);
    const digits = lost?.checksum ?? verifyLines(line, checksumAfterLine(checksum, salt), salt);
    if (digits === undefined) break;
    checksum = digits;
    intactBytes = end;
    hasLost ||= lost !== undefined;
  }
  return { intactBytes, checksum, hasLost };
}

/** Where the line that starts at `start` ends, behind its line feed; -1 when it does not. */
export function lineEnd(lines: Buffer, start: number): number {
  const at = lines.indexOf(lineFeed, start);
  return at < 0 ? -1 : at + 1;
}

/** Where line number `count` (from 0) starts; the length when there are not so many. */
export function startOfLine(lines: Buffer, count: number): number {
  let at = 0;
  for (let i = 0; i < count && at < lines.length; i++) {
    const end = lineEnd(lines, at);
    at = end < 0 ? lines.length : end;
  }
  return at;
}

/** Where the last of some whole lines starts. */
export function startOfLastLine(lines: Buffer): number {
  const end = lines.lastIndexOf(lineFeed);
  return end <= 0 ? 0 : lines.lastIndexOf(lineFeed, end - 1) + 1;
}
