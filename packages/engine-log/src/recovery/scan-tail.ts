/**
 * Reads the end of the log after a stop: from the place that was surely durable to the last whole
 * append, and tells a torn tail from damage.
 *
 *     ├── durable for sure ──┤ intact lines │ torn │ zeros ahead
 *                            start          end
 *
 * What is known durable is the highest of the start and of every `synced` on a line that checks
 * out, also beyond a gap. Bytes that cannot be read behind that point are a torn tail; before it
 * they are damage, since they were synced once.
 */
import { limits } from '@event-store/core';
import type { LogEnd } from '../format/head-file.ts';
import { segmentName } from '../format/segment-header.ts';
import { entriesOf } from '../index/entries-of.ts';
import { type Block, DamagedLog, keepDamage, LogCursor } from '../segment/log-cursor.ts';
import { isWrittenAhead } from '../segment/log-writer.ts';
import type { SegmentList } from '../segment/segment-list.ts';
import type { Damage } from './damage.ts';

export interface ScannedTail {
  /** The end of the last whole append. */
  readonly end: LogEnd;
  readonly damage: readonly Damage[];
  /** The last position known to have been durable; behind the end's where damage reaches to the end. */
  readonly durablePosition: number;
  /** Whether every line up to the end of the file follows from the one before it. */
  readonly isWhole: boolean;
}

/** Scans the last segment from `start` (in it) to the end of its file. */
export async function scanTail(segments: SegmentList, start: LogEnd): Promise<ScannedTail> {
  const tail = new TailScan(start);
  const { firstPosition: segment, bytes } = segments.last;
  const limit = { segment, offset: bytes };
  const cursor = new LogCursor({ segments }, start, start.checksum);
  const buffer = Buffer.allocUnsafeSlow(Math.min(limits.batchBytesMax, Math.max(0, bytes - start.offset)));
  for (;;) {
    const block = await cursor.next(limit, () => buffer).catch(keepDamage);
    if (block === undefined) return tail.result();
    if (!(block instanceof DamagedLog)) {
      tail.add(block);
      continue;
    }
    const gap = cursor.place.offset;
    if (await isSpaceAhead(segments, gap)) return tail.result();
    await cursor.skipDamage(limit);
    tail.addGap(gap);
  }
}

/** Whether there are only zeros from `offset` to the end of the last segment. */
async function isSpaceAhead(segments: SegmentList, offset: number): Promise<boolean> {
  const { firstPosition, bytes } = segments.last;
  const buffer = Buffer.allocUnsafeSlow(Math.min(limits.batchBytesMax, bytes - offset));
  for (let at = offset; at < bytes; ) {
    const read = await segments.read(firstPosition, buffer, at);
    if (read === 0) return true;
    if (!isWrittenAhead(buffer.subarray(0, read))) return false;
    at += read;
  }
  return true;
}

class TailScan {
  readonly #segment: number;
  #end: LogEnd;
  /** The last position known to have been durable. */
  #durablePosition: number;
  /** Gaps, each with the end before it. */
  readonly #gaps: { readonly offset: number; readonly before: LogEnd; readonly lastPosition: number }[] = [];
  #lastPosition: number;

  constructor(start: LogEnd) {
    this.#segment = start.segment;
    this.#end = start;
    this.#durablePosition = start.position;
    this.#lastPosition = start.position;
  }

  add(block: Block): void {
    for (const { entry, synced, isEndOfAppend, end } of entriesOf(block)) {
      this.#lastPosition = entry.place.position;
      this.#durablePosition = Math.max(this.#durablePosition, synced ?? 0);
      if (isEndOfAppend) this.#end = end();
    }
  }

  addGap(offset: number): void {
    this.#gaps.push({ offset, before: this.#end, lastPosition: this.#lastPosition });
  }

  result(): ScannedTail {
    const torn = this.#gaps.find(({ lastPosition }) => lastPosition >= this.#durablePosition);
    const damaged = this.#gaps.filter(({ lastPosition }) => lastPosition < this.#durablePosition);
    return {
      isWhole: this.#gaps.length === 0,
      durablePosition: this.#durablePosition,
      end: torn?.before ?? this.#end,
      damage: damaged.map(({ offset, lastPosition }) => ({
        file: segmentName(this.#segment),
        offset,
        text: `the line behind position ${lastPosition} is not as it was written`,
      })),
    };
  }
}
