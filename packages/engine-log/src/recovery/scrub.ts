/**
 * Reads sealed segments again, slowly and for ever, so that damage to what nobody reads is found
 * while there still are copies of it. One block at a time, no faster than it is told.
 */
import { type Clock, limits, type Timer } from '@event-store/core';
import { DamagedLog, keepDamage, LogCursor } from '../segment/log-cursor.ts';
import type { Segment, SegmentList } from '../segment/segment-list.ts';
import type { DamageWatch } from './damage-watch.ts';

export interface ScrubOptions {
  readonly clock: Clock;
  readonly segments: SegmentList;
  readonly damage: DamageWatch;
  /** 0 switches it off. */
  readonly bytesPerSecond: number;
  /** Told of a segment that the disk cannot read. */
  readonly failed: (segment: Segment, error: unknown) => void;
}

/** A start has better things to do first; and between two passes, who has little data need not read it all the time. */
const pauseMs = 60_000;

interface ScrubCursor {
  readonly segment: Segment;
  readonly at: LogCursor;
}

export class Scrub {
  readonly #options: ScrubOptions;
  readonly #buffer: Buffer;
  #timer: Timer | undefined;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;
  #cursor: ScrubCursor | undefined;
  #bytes = 0;
  #passes = 0;

  constructor(options: ScrubOptions) {
    this.#options = options;
    this.#buffer = Buffer.allocUnsafeSlow(options.bytesPerSecond > 0 ? limits.batchBytesMax : 0);
    if (options.bytesPerSecond > 0) this.#later(pauseMs);
  }

  /** Bytes read since the start. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How often it has come to the end of what is sealed. */
  get passes(): number {
    return this.#passes;
  }

  async close(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#running;
  }

  #later(delayMs: number): void {
    if (this.#isStopped) return;
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.#running = this.#step();
    });
  }

  async #step(): Promise<void> {
    this.#cursor ??= this.#segmentBehind(0);
    if (this.#cursor === undefined) return this.#endPass();
    const bytes = await this.#readBlock(this.#cursor);
    this.#bytes += bytes;
    if (bytes === 0) this.#cursor = this.#segmentBehind(this.#cursor.segment.firstPosition);
    if (this.#cursor === undefined) return this.#endPass();
    this.#later((1_000 * bytes) / this.#options.bytesPerSecond);
  }

  #endPass(): void {
    this.#passes++;
    this.#later(pauseMs);
  }

  /** Reads on in a segment; returns the bytes read, 0 at its end. */
  async #readBlock({ segment, at }: ScrubCursor): Promise<number> {
    const limit = { segment: segment.firstPosition, offset: segment.bytes };
    const before = at.place.offset;
    try {
      const block = await at.next(limit, () => this.#buffer).catch(keepDamage);
      if (!(block instanceof DamagedLog)) return block?.lines.length ?? 0;
      this.#options.damage.found(at.place);
      await at.skipDamage(limit);
      return at.place.offset - before;
    } catch (error) {
      this.#options.failed(segment, error);
      return 0;
    }
  }

  /** The start of the first sealed segment behind that of a position. */
  #segmentBehind(position: number): ScrubCursor | undefined {
    const { segments } = this.#options;
    const segment = segments.all.slice(0, -1).find(({ firstPosition }) => firstPosition > position);
    if (segment === undefined) return undefined;
    return {
      segment,
      at: new LogCursor({ segments }, { segment: segment.firstPosition, offset: segment.headerBytes }),
    };
  }
}
