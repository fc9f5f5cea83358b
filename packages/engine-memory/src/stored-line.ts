import { type Batch, limits } from '@event-store/core';

/** An event as this engine keeps it: its line, and what is asked about it without reading the line. */
export interface StoredLine {
  readonly streamId: string;
  readonly version: number;
  readonly type: string;
  readonly position: number;
  /** Position of the last event of the same append. */
  readonly commit: number;
  /** JSON and a line feed. */
  readonly line: string;
  /** Bytes of `line` in UTF-8. */
  readonly bytes: number;
}

const encoder = new TextEncoder();

/**
 * Groups lines into batches. A batch ends where the lines looked at, whether they pass or not,
 * would be more than a batch may hold, so a filtered read reports how far it has come.
 */
export function* inBatches(
  entries: Iterable<StoredLine>,
  {
    place,
    passes = () => true,
    limit = Number.POSITIVE_INFINITY,
  }: {
    place: 'version' | 'position';
    passes?: ((entry: StoredLine) => boolean) | undefined;
    limit?: number | undefined;
  },
): Generator<Batch> {
  let lines: string[] = [];
  let bytes = 0;
  let through = 0;
  let remaining = limit;
  const batch = (): Batch => ({ lines: encoder.encode(lines.join('')), count: lines.length, through });
  for (const entry of entries) {
    if (bytes > 0 && bytes + entry.bytes > limits.batchBytesMax) {
      yield batch();
      lines = [];
      bytes = 0;
    }
    bytes += entry.bytes;
    through = entry[place];
    if (!passes(entry)) continue;
    lines.push(entry.line);
    remaining--;
    if (remaining === 0) break;
  }
  if (bytes > 0) yield batch();
}
