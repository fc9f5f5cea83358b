/**
 * The places of events that follow one another in the feed, as columns of numbers: they live until
 * the index covers them, and as objects they would be most of what the garbage collector moves.
 */
import { assert } from '@event-store/core';
import type { EventPlace } from '../index/log-index.ts';

/** From this position on, events stand in this segment. */
interface SegmentStart {
  readonly position: number;
  readonly segment: number;
}

export class PlaceColumns {
  #firstPosition = 0;
  readonly #segments: SegmentStart[] = [];
  readonly #offsets: number[] = [];
  readonly #bytes: number[] = [];

  /** Of the last event; 0 when there is none. */
  get lastPosition(): number {
    return this.#offsets.length === 0 ? 0 : this.#firstPosition + this.#offsets.length - 1;
  }

  /** Adds the event behind the last one. */
  add({ position, segment, offset, bytes }: EventPlace): void {
    if (this.#offsets.length === 0) this.#firstPosition = position;
    assert(position === this.#firstPosition + this.#offsets.length, 'events are added in the order of the feed');
    if (this.#segments.at(-1)?.segment !== segment) this.#segments.push({ position, segment });
    this.#offsets.push(offset);
    this.#bytes.push(bytes);
  }

  /** Of an event that is here. */
  at(position: number): EventPlace {
    const index = position - this.#firstPosition;
    const start = this.#segments.findLast((each) => each.position <= position);
    const [offset, bytes] = [this.#offsets[index], this.#bytes[index]];
    assert(start !== undefined && offset !== undefined && bytes !== undefined, 'the event is here');
    return { position, segment: start.segment, offset, bytes };
  }

  /** Takes back the events behind a position. */
  cut(position: number): void {
    const count = Math.max(0, Math.min(this.#offsets.length, position - this.#firstPosition + 1));
    this.#offsets.length = count;
    this.#bytes.length = count;
    while ((this.#segments.at(-1)?.position ?? 0) > position) this.#segments.pop();
  }
}
