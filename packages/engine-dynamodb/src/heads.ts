/**
 * What is known of the newest event of streams: a cache that may be behind, never ahead, because
 * events are never removed. `ours` marks a head that this instance wrote itself and so may trust
 * without looking, as long as others leave the stream alone.
 */
import type { LanePlace } from './items/lane-place.ts';

export interface Head {
  /** 0: no events. */
  readonly version: number;
  /** The record that brought the newest event into the feed; none where the feed was off. */
  readonly lane: LanePlace | undefined;
  readonly time: string;
  readonly ours: boolean;
}

const headsMax = 100_000;

export class Heads {
  readonly #heads = new Map<string, Head>();

  get(streamId: string): Head | undefined {
    return this.#heads.get(streamId);
  }

  /** Learns a head; an older one than is known is ignored. The least recently learned are forgotten. */
  learn(streamId: string, head: Head): void {
    const known = this.#heads.get(streamId);
    if (known !== undefined && known.version > head.version) return;
    this.#heads.delete(streamId);
    this.#heads.set(streamId, head);
    if (this.#heads.size <= headsMax) return;
    for (const oldest of this.#heads.keys()) {
      this.#heads.delete(oldest);
      return;
    }
  }

  forget(streamId: string): void {
    this.#heads.delete(streamId);
  }
}
