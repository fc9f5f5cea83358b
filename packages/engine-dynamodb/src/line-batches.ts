import { type Batch, limits, utf8Bytes } from '@event-store/core';

/** Events looked at in one batch, so that a filter that lets none pass still tells how far it came. */
const lookedMax = 1_000;

const encoder = new TextEncoder();

/** An event that was looked at: its line, and whether the reader wants it. */
export interface LookedAt {
  /** JSON and a line feed; empty where a filter had no need of it. */
  readonly line: string;
  readonly passes: boolean;
  /** Its version or position. */
  readonly place: number;
}

/** Collects lines into batches that are bounded by what was looked at, whether it passed or not. */
export class LineBatches {
  #lines: string[] = [];
  #bytes = 0;
  #looked = 0;
  #through = 0;

  /** Adds one event; gives the batch before it when that is full. */
  add({ line, passes, place }: LookedAt): Batch | undefined {
    const bytes = utf8Bytes(line);
    const full =
      this.#looked > 0 && (this.#looked >= lookedMax || this.#bytes + bytes > limits.batchBytesMax)
        ? this.take()
        : undefined;
    if (passes) this.#lines.push(line);
    this.#bytes += bytes;
    this.#looked++;
    this.#through = place;
    return full;
  }

  /** What was added since the last batch. */
  take(): Batch | undefined {
    if (this.#looked === 0) return undefined;
    const batch = { lines: encoder.encode(this.#lines.join('')), count: this.#lines.length, through: this.#through };
    this.#lines = [];
    this.#bytes = 0;
    this.#looked = 0;
    return batch;
  }
}
