/**
 * Turns appends into lines at the end of the log: gives versions, positions and times, continues
 * the checksum, and says where each event went. Knows nothing of the disk.
 */
import type { Clock, StreamAppend } from '@event-store/core';
import { checksumAfterLine, continueChecksum, salted, trailerBytes, writeTrailer } from '../format/checksum.ts';
import { openLogLine } from '../format/log-line.ts';
import { encodeSegmentHeader } from '../format/segment-header.ts';
import { segmentSalt } from '../format/segment-salt.ts';
import type { StoreIdentity } from '../format/store-file.ts';
import type { EventPlace, IndexEntry } from '../index/log-index.ts';
import type { LogTail } from '../segment/log-tail.ts';
import { Group } from './group.ts';
import type { LogTip } from './log-tip.ts';

export interface LogEncoderOptions {
  readonly clock: Clock;
  readonly tail: LogTail;
  readonly store: StoreIdentity;
  /** A segment is left for a new one once it has so many bytes. */
  readonly segmentBytesMax: number;
  readonly tip: LogTip;
}

export class LogEncoder {
  readonly #options: LogEncoderOptions;
  #tip: LogTip;
  /** Of the segment in which the log ends. */
  #salt: number;
  #time = '';
  #timeMs = -1;

  constructor(options: LogEncoderOptions) {
    this.#options = options;
    this.#tip = options.tip;
    this.#salt = segmentSalt(options.store, options.tip.segment);
  }

  /** Where the log ends with everything encoded so far. */
  get tip(): LogTip {
    return this.#tip;
  }

  /** Whether the segment is full, so that the next append belongs to a new one. */
  get isSegmentFull(): boolean {
    return this.#tip.offset >= this.#options.segmentBytesMax;
  }

  /** A group that continues the log here. */
  openGroup(): Group {
    if (!this.isSegmentFull) return new Group(this.#tip, undefined);
    const { store } = this.#options;
    const { position, checksum: previousChecksum } = this.#tip;
    const firstPosition = position + 1;
    const header = encodeSegmentHeader({ ...store, firstPosition, previousChecksum });
    this.#tip = { ...this.#tip, segment: firstPosition, offset: header.bytes.length, checksum: header.checksum };
    this.#salt = segmentSalt(store, firstPosition);
    return new Group(this.#tip, { firstPosition, header, salt: this.#salt });
  }

  /** Adds an append to a group; returns its events with their places, in version order. */
  encode(group: Group, append: StreamAppend, firstVersion: number): IndexEntry[] {
    const { streamId, events } = append;
    const commit = this.#tip.position + events.length;
    this.#now();
    const encoded = events.map((event, index) => {
      const position = this.#tip.position + 1;
      const synced = group.events === 0 ? position - 1 : undefined;
      const version = firstVersion + index;
      const line = openLogLine({
        streamId,
        version,
        event,
        time: this.#time,
        position,
        commit,
        synced,
      });
      return { streamId, version, id: event.id, place: this.#write(group, line, position) };
    });
    group.appends.push(append);
    group.end = this.#tip;
    return encoded;
  }

  /** Goes back to `tip`: what was encoded behind it did not become part of the log. */
  reset(tip: LogTip): void {
    this.#tip = tip;
    this.#salt = segmentSalt(this.#options.store, tip.segment);
    this.#options.tail.clear();
  }

  #write(group: Group, line: string, position: number): EventPlace {
    const { segment, offset, checksum: previous } = this.#tip;
    const bytes = Buffer.byteLength(line, 'utf8') + trailerBytes;
    const chunk = this.#options.tail.room(segment, offset, bytes);
    const start = chunk.used;
    const digitsAt = start + chunk.buffer.write(line, start, 'utf8');
    const salt = this.#salt;
    const state =
      start >= trailerBytes
        ? continueChecksum(salted(previous, salt), chunk.buffer.subarray(start - trailerBytes, digitsAt))
        : continueChecksum(checksumAfterLine(previous, salt), chunk.buffer.subarray(start, digitsAt));
    const checksum = salted(state, salt);
    writeTrailer(chunk.buffer, digitsAt, checksum);
    group.take(chunk, bytes);
    this.#tip = { segment, offset: offset + bytes, position, checksum, timeMs: this.#timeMs };
    return { position, segment, offset, bytes };
  }

  /** The time of what is encoded now; printed only when it changes. */
  #now(): void {
    const timeMs = Math.max(this.#options.clock.now(), this.#tip.timeMs);
    if (timeMs === this.#timeMs) return;
    this.#timeMs = timeMs;
    this.#time = new Date(timeMs).toISOString();
  }
}
