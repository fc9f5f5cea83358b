/** Reads what damaged lines say of themselves: where only a bit is wrong, they mostly still say whose they were. */
import type { FileSystem } from '../file-system.ts';
import { trailerBytes } from '../format/checksum.ts';
import { lineBytesMax } from '../format/log-line.ts';
import { digitsBefore, digitsOf } from '../verify/read-trailer.ts';
import { readStoredLine, type StoredLine } from '../verify/stored-line.ts';
import type { Loss } from '../verify/walk-log.ts';
import { correctBit } from './correct-bit.ts';
import type { EventName } from './lost-events.ts';

/** By position. Believed only where they fit with everything that is intact. */
export async function readClaims(
  fileSystem: FileSystem,
  losses: readonly Loss[],
): Promise<ReadonlyMap<number, EventName>> {
  const claims = new Map<number, EventName>();
  for (const loss of losses) {
    if (loss.segment === undefined || loss.isForeign) continue;
    for await (const { position, streamId, version } of linesOf(fileSystem, loss)) {
      if (position < loss.position || position > loss.lastPosition || claims.has(position)) continue;
      claims.set(position, { streamId, version });
    }
  }
  return claims;
}

async function* linesOf(fileSystem: FileSystem, { segment, offset, end, before }: Loss): AsyncGenerator<StoredLine> {
  const file = await fileSystem.open(segment?.path ?? '', 'read');
  try {
    let digits = before;
    const salt = segment?.salt ?? 0;
    for (let at = offset; at < end; ) {
      const window = Buffer.alloc(Math.min(lineBytesMax, end - at));
      const bytes = window.subarray(0, await file.read(window, at));
      const length = bytes.indexOf('\n') + 1 || bytes.length;
      const line = bytes.subarray(0, length);
      const stored = readStoredLine(corrected(line, { before: digits, salt })) ?? readStoredLine(line);
      if (stored !== undefined) yield stored;
      digits = digitsBefore(line, length);
      if (length === 0) return;
      at += length;
    }
  } finally {
    await file.close();
  }
}

/** The line as it must have been if one bit of it changed. */
function corrected(line: Buffer, { before, salt }: { before: number | undefined; salt: number }): Buffer {
  const digits = digitsBefore(line, line.length);
  if (before === undefined || digits === undefined) return line;
  const body = line.subarray(0, -trailerBytes);
  const found = correctBit(body, digitsOf(body, { before, salt }) ^ digits);
  return found === undefined ? line : Buffer.concat([found, line.subarray(-trailerBytes)]);
}
