/** Makes of a block of the log what a reader of the feed asked for. */
import type { Batch } from '@event-store/core';
import { positionOfLine } from '../format/log-line.ts';
import { startOfLastLine, startOfLine } from '../segment/check-lines.ts';
import type { Block } from '../segment/log-cursor.ts';
import type { LineFilter } from './line-filter.ts';

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
export function filterBlock({ lines }: Block, { after, wanted }: BatchRange, filter: LineFilter): Batch {
  const kept: Buffer[] = [];
  let count = 0;
  let last = { start: 0, end: 0 };
  let runStart = 0;
  for (const line of filter.matches(lines)) {
    if (line.start !== last.end) {
      kept.push(lines.subarray(runStart, last.end));
      runStart = line.start;
    }
    last = line;
    if (++count === wanted) break;
  }
  kept.push(lines.subarray(runStart, last.end));
  const { start, end } = count === wanted ? last : { start: startOfLastLine(lines), end: lines.length };
  return { lines: Buffer.concat(kept), count, through: positionOfLine(lines, start, end) ?? after };
}
