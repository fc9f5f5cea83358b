/** Compares what `head` says was durable with the lines of the log. */
import type { HeadSlot } from './read-head.ts';
import type { Loss, WalkedLine } from './walk-log.ts';

export interface HeadContradiction {
  readonly slot: HeadSlot;
  readonly text: string;
  /** Whether the line that it names stands elsewhere: a repair was cut off before it wrote `head`. */
  readonly isMoved: boolean;
}

export class HeadCheck {
  readonly #slot: HeadSlot | undefined;
  #isRight: boolean;
  #isMoved = false;

  /** `slot`: the newest one. */
  constructor(slot: HeadSlot | undefined) {
    this.#slot = slot;
    this.#isRight = slot === undefined || slot.position === slot.segment - 1;
  }

  add({ segment, offset, bytes, digits, line }: WalkedLine): void {
    const slot = this.#slot;
    if (slot?.position !== line?.position || slot?.digits !== digits || line?.commit !== line?.position) return;
    if (slot.segment === segment.firstPosition && slot.offset === offset + bytes.length) this.#isRight = true;
    else this.#isMoved = true;
  }

  /** What it names and the log does not have there, where no loss explains it. */
  contradiction(losses: readonly Loss[]): HeadContradiction | undefined {
    const slot = this.#slot;
    if (slot === undefined || this.#isRight) return undefined;
    if (losses.some(({ position, lastPosition }) => position <= slot.position && slot.position <= lastPosition))
      return undefined;
    const place = `byte ${slot.offset} of segment ${slot.segment}, position ${slot.position}`;
    return {
      slot,
      isMoved: this.#isMoved,
      text: `the log was durable up to ${place}, and that line does not end there`,
    };
  }
}
