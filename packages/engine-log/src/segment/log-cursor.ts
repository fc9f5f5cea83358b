/**
 * A walk along the log in blocks of whole lines, each checked before it is handed on, from any
 * line to a given end and never past it. Every sequential reader is one: the feed, the indexer,
 * recovery.
 */
import { assert, limits } from '@event-store/core';
import { readTrailer, trailerBytes } from '../format/checksum.ts';
import type { LogEnd } from '../format/head-file.ts';
import { checkLines, lineEnd, startOfLastLine } from './check-lines.ts';
import type { LogTail } from './log-tail.ts';
import type { Segment, SegmentList } from './segment-list.ts';

/** What a cursor walks over. */
export interface LogFiles {
  readonly segments: SegmentList;
  /** The part that is in memory. */
  readonly tail?: LogTail;
}

/** The start of a line, or the end of a segment. */
export interface LogPlace {
  /** First position of the segment. */
  readonly segment: number;
  readonly offset: number;
}

/** Where an end of the log lets a cursor go; the rest of a `LogEnd` it finds out itself. */
export type CursorLimit = Pick<LogEnd, 'segment' | 'offset'>;

/** Some whole, intact lines. */
export interface Block {
  readonly segment: number;
  /** Where in the segment the lines start. */
  readonly offset: number;
  readonly lines: Buffer;
  /** The digits of the last line. */
  readonly checksum: number;
  readonly hasLost: boolean;
}

/** Bytes that are not as they were written. */
export class DamagedLog extends Error {
  readonly place: LogPlace;

  constructor(place: LogPlace) {
    super(`the log is damaged at byte ${place.offset} of segment ${place.segment}`);
    this.place = place;
  }
}

/** For `catch`: damage as a value, everything else thrown on. */
export function keepDamage(error: unknown): DamagedLog {
  if (error instanceof DamagedLog) return error;
  throw error;
}

export class LogCursor {
  readonly #files: LogFiles;
  #segment: Segment;
  #offset: number;
  /** The digits of the line before `#offset`; unknown in the middle of a segment until read. */
  #previous: number | undefined;

  /** `previous`: the digits of the line before `place`, if known. */
  constructor(files: LogFiles, place: LogPlace, previous?: number) {
    this.#files = files;
    this.#segment = files.segments.holding(place.segment);
    this.#offset = place.offset;
    this.#previous = place.offset === this.#segment.headerBytes ? this.#segment.headerChecksum : previous;
  }

  get place(): LogPlace {
    return { segment: this.#segment.firstPosition, offset: this.#offset };
  }

  /**
   * The next lines up to `limit`, in memory of the log's own or in the buffer, which is asked for
   * only if they have to be read; `undefined` at the end.
   *
   * @throws DamagedLog when the next line is not intact; lines before it were handed on before.
   */
  async next(limit: CursorLimit, buffer: () => Buffer): Promise<Block | undefined> {
    if (!this.#enter(limit)) return undefined;
    const end = this.#end(limit);
    this.#previous ??= await this.#readPrevious();
    const { firstPosition: segment } = this.#segment;
    const kept = this.#files.tail?.find(segment, this.#offset, Math.min(end, this.#offset + limits.batchBytesMax));
    if (kept !== undefined) return this.#accept(wholeLines(kept), this.#previous);
    const into = buffer();
    const bytes = await this.#read(into, end);
    const lines = wholeLines(bytes);
    const isLongLine = lines.length === 0 && bytes.length === into.length && into.length < limits.batchBytesMax;
    if (isLongLine) return this.next(limit, () => Buffer.allocUnsafeSlow(limits.batchBytesMax));
    if (lines.length === 0) throw new DamagedLog(this.place);
    return this.#accept(lines, this.#previous);
  }

  /**
   * Steps over damage: to the next line that checks out from the digits before it, or to the end
   * of the segment. The line behind an unreadable one cannot be vouched for and is passed too.
   *
   * @returns bytes passed over.
   */
  async skipDamage(limit: CursorLimit): Promise<number> {
    const start = this.#offset;
    const end = this.#end(limit);
    const { salt } = this.#segment;
    const buffer = Buffer.allocUnsafeSlow(Math.min(limits.batchBytesMax, Math.max(0, end - start)));
    while (this.#offset < end) {
      const bytes = await this.#read(buffer, end);
      if (bytes.length === 0) this.#offset = end;
      for (let at = lineEnd(bytes, 0); at > 0; at = lineEnd(bytes, at)) {
        const previous = readTrailer(bytes, at - trailerBytes);
        const next = lineEnd(bytes, at);
        if (previous === undefined || next < 0) continue;
        if (checkLines(bytes.subarray(at, next), { previous, salt }).intactBytes === 0) continue;
        this.#offset += at;
        this.#previous = previous;
        return this.#offset - start;
      }
      const lastLine = startOfLastLine(bytes);
      this.#offset += this.#offset + bytes.length >= end || lastLine === 0 ? bytes.length : lastLine;
    }
    return this.#offset - start;
  }

  /** Goes on to the next segment where this one is used up; false at the limit. */
  #enter(limit: CursorLimit): boolean {
    while (this.#offset >= this.#end(limit)) {
      const next = this.#segment.firstPosition >= limit.segment ? undefined : this.#files.segments.after(this.#segment);
      if (next === undefined) return false;
      this.#segment = next;
      this.#offset = next.headerBytes;
      this.#previous = next.headerChecksum;
    }
    return true;
  }

  #end(limit: CursorLimit): number {
    return this.#segment.firstPosition === limit.segment ? limit.offset : this.#segment.bytes;
  }

  #accept(lines: Buffer, previous: number): Block {
    const { intactBytes, checksum, hasLost } = checkLines(lines, { previous, salt: this.#segment.salt });
    if (intactBytes === 0) throw new DamagedLog(this.place);
    const block = { ...this.place, lines: lines.subarray(0, intactBytes), checksum, hasLost };
    this.#offset += intactBytes;
    this.#previous = checksum;
    return block;
  }

  async #readPrevious(): Promise<number> {
    assert(this.#offset > trailerBytes, 'a line has a line or a header before it');
    const { firstPosition: segment } = this.#segment;
    const start = this.#offset - trailerBytes;
    let trailer = this.#files.tail?.find(segment, start, this.#offset);
    if (trailer?.length !== trailerBytes) {
      trailer = Buffer.alloc(trailerBytes);
      await this.#files.segments.read(segment, trailer, start);
    }
    const digits = readTrailer(trailer, 0);
    if (digits === undefined) throw new DamagedLog(this.place);
    return digits;
  }

  async #read(into: Buffer, end: number): Promise<Buffer> {
    const wanted = into.subarray(0, Math.min(into.length, end - this.#offset));
    const bytes = await this.#files.segments.read(this.#segment.firstPosition, wanted, this.#offset);
    return into.subarray(0, bytes);
  }
}

function wholeLines(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
}
