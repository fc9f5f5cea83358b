/**
 * Appends that are written together and synced once. A group takes lines until it is handed to
 * the disk; then it settles for everybody in it: durable, or refused as a whole.
 */
import type { StreamAppend } from '@event-store/core';
import type { FileHandle } from '../file-system.ts';
import type { EncodedHeader } from '../format/segment-header.ts';
import type { TailChunk } from '../segment/log-tail.ts';
import type { LogTip } from './log-tip.ts';

/** A run of bytes in one chunk of the tail. */
interface Slice {
  readonly chunk: TailChunk;
  readonly from: number;
  to: number;
}

/** A segment that begins with a group. */
export interface NewSegment {
  readonly firstPosition: number;
  readonly header: EncodedHeader;
  readonly salt: number;
}

export class Group {
  /** Set when the group is the first of a new segment. */
  readonly newSegment: NewSegment | undefined;
  readonly appends: StreamAppend[] = [];
  /** Fulfils when the group is durable and visible; rejects when it is not stored, or nobody knows. */
  readonly settled: Promise<void>;
  readonly settle: () => void;
  readonly refuse: (error: unknown) => void;
  /** Whether no more lines may be added. */
  isClosed = false;
  events = 0;
  bytes = 0;
  /** Where the log ends with this group. */
  end: LogTip;
  readonly #slices: Slice[] = [];

  constructor(start: LogTip, newSegment: NewSegment | undefined) {
    this.end = start;
    this.newSegment = newSegment;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.settled = promise;
    this.settle = resolve;
    this.refuse = reject;
    promise.catch(() => undefined);
  }

  /** Notes that `bytes` more of `chunk` belong to the group. */
  take(chunk: TailChunk, bytes: number): void {
    const last = this.#slices.at(-1);
    if (last?.chunk === chunk) last.to += bytes;
    else this.#slices.push({ chunk, from: chunk.used, to: chunk.used + bytes });
    chunk.used += bytes;
    this.bytes += bytes;
    this.events++;
  }

  /** Hands the group's bytes to the operating system. */
  writeTo(file: FileHandle): void {
    for (const { chunk, from, to } of this.#slices) file.write(chunk.buffer.subarray(from, to), chunk.start + from);
  }
}
