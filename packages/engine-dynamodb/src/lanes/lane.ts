import type { LanePlace } from '../items/lane-place.ts';

/**
 * A lane of this process, and what it is doing:
 *
 *     free ── a transaction starts ──> busy ── its outcome takes long ──> doubtful
 *       ^                               │                                    │
 *       └────────── the outcome is certain, after all ───────────────────────┘
 *
 * One transaction at a time: that is what makes lanes dense.
 */
export class Lane {
  readonly number: number;
  #records = 0;
  /** When its last transaction began. */
  usedMs = 0;
  state: 'free' | 'busy' | 'doubtful' = 'free';

  constructor(number: number) {
    this.number = number;
  }

  /** The place of the next record. */
  get next(): LanePlace {
    return { lane: this.number, record: this.#records + 1 };
  }

  /** The next record is certainly stored. */
  advance(): void {
    this.#records++;
  }
}
