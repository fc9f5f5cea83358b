/**
 * Ends lanes whose process is gone: an open lane costs every sequencer a query each turn. Whether
 * the process is really gone does not matter, since a sealed lane only makes its owner open another.
 */
import { definitePut } from '../definite-put.ts';
import { encodeSeal } from '../items/lane-record.ts';
import type { World } from '../world.ts';

export interface Sealing {
  /** A lane without a new record for so long is sealed. */
  readonly idleMsMax: number;
  /** With more open lanes, the one that is idle longest is sealed. */
  readonly openLanesMax: number;
}

export const defaultSealing: Sealing = { idleMsMax: 6 * 3_600_000, openLanesMax: 64 };

export class IdleLanes {
  readonly #world: World;
  readonly #sealing: Sealing;
  /** Since when each open lane has had this last record, as far as this process has seen. */
  readonly #seen = new Map<number, { record: number; sinceMs: number }>();
  lanesSealed = 0;

  constructor(world: World, sealing: Sealing) {
    this.#world = world;
    this.#sealing = sealing;
  }

  /** Told the last record of each open lane after every look; seals what is idle. */
  async look(lastRecords: ReadonlyMap<number, number>): Promise<void> {
    const nowMs = this.#world.clock.monotonicMs();
    for (const lane of this.#seen.keys()) if (!lastRecords.has(lane)) this.#seen.delete(lane);
    for (const [lane, record] of lastRecords) {
      if (this.#seen.get(lane)?.record !== record) this.#seen.set(lane, { record, sinceMs: nowMs });
    }
    const longestIdle = [...this.#seen].sort(([, a], [, b]) => a.sinceMs - b.sinceMs);
    const tooMany = longestIdle.length - this.#sealing.openLanesMax;
    for (const [index, [lane, { record, sinceMs }]] of longestIdle.entries()) {
      if (index >= tooMany && nowMs - sinceMs < this.#sealing.idleMsMax) break;
      await definitePut(this.#world, encodeSeal({ lane, record: record + 1 }, this.#world.random.nonce()));
      this.#seen.delete(lane);
      this.lanesSealed++;
    }
  }
}
