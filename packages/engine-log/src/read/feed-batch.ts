/** Makes of a block of the log what a reader of the feed asked for. */
import { type Batch, type FeedFilter, passesFilter } from '@event-store/core';
import { positionOfLine, scanLine } from '../format/log-line.ts';
import { lineEnd, startOfLastLine, startOfLine } from '../segment/check-lines.ts';
import type { Block } from '../segment/log-cursor.ts';

export interface BatchRange {
  /** The position before the block's first line. */
  readonly after: number;
  /** At most so many events. */
  readonly wanted: number;
}

/** The block's first `wanted` lines; a block without lost lines has a line for each position. */
export function cutBlock({ lines }: Block, { after, wanted }: BatchRange): Batch {
  const last = positionOfLine(lines, startOfLastLine(lines), lines.length) ?? after;
  if (last - after <= wanted) return { lines, count: last - after, through: last };
  return { lines: lines.subarray(0, startOfLine(lines, wanted)), count: wanted, through: after + wanted };
}

/** The block's first `wanted` events that pass the filter; lost lines never do. */
export function filterBlock({ lines }: Block, { after, wanted }: BatchRange, filter: FeedFilter): Batch {
  const kept: Buffer[] = [];
  let through = after;
  for (let start = 0; start < lines.length && kept.length < wanted; ) {
    const end = lineEnd(lines, start);
    const line = scanLine(lines, start, end);
    if (line !== undefined) {
      through = line.position;
      if (!line.lost && passesFilter(line, filter)) kept.push(lines.subarray(start, end));
    }
    start = end;
  }
  return { lines: Buffer.concat(kept), count: kept.length, through };
}
