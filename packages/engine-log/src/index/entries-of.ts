import { readTrailer, trailerBytes } from '../format/checksum.ts';
import type { LogEnd } from '../format/head-file.ts';
import { scanLine } from '../format/log-line.ts';
import { lineEnd } from '../segment/check-lines.ts';
import type { Block } from '../segment/log-cursor.ts';
import type { IndexEntry } from './log-index.ts';

export interface BlockEntry {
  readonly entry: IndexEntry;
  /** The last position that was durable when the event's group was written; only on its first line. */
  readonly synced: number | undefined;
  /** Whether the event is the last of its append. */
  readonly isEndOfAppend: boolean;
  /** The end of the log behind the event. */
  readonly end: () => LogEnd;
}

/** What there is to index in a block of the log, line by line. */
export function* entriesOf({ segment, offset, lines }: Block): Generator<BlockEntry> {
  for (let start = 0; start < lines.length; ) {
    const next = lineEnd(lines, start);
    const line = scanLine(lines, start, next);
    if (line !== undefined) {
      const { streamId, version, id, position, commit, synced } = line;
      const place = { position, segment, offset: offset + start, bytes: next - start };
      const end = () => ({
        segment,
        offset: offset + next,
        position,
        checksum: readTrailer(lines, next - trailerBytes) ?? 0,
      });
      yield { entry: { streamId, version, id, place }, synced, isEndOfAppend: commit === position, end };
    }
    start = next;
  }
}
