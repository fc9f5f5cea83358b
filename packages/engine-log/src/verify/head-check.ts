/** Compares what `head` says was durable with the lines of the log. */
import type { HeadSlot } from './read-head.ts';
import type { Loss, WalkedLine } from './walk-log.ts';

export class HeadCheck {
  readonly #slot: HeadSlot | undefined;
  /** Whether the line that ends at its place is the one that it names. */
  #isRight: boolean;

  /** `slot`: the newest one. */
  constructor(slot: HeadSlot | undefined) {
    this.#slot = slot;
    this.#isRight = slot === undefined || slot.position === slot.segment - 1;
  }

  add({ segment, offset, bytes, digits, line }: WalkedLine): void {
    const slot = this.#slot;
    if (slot?.segment !== segment.firstPosition || slot.offset !== offset + bytes.length) return;
    this.#isRight = slot.digits === digits && slot.position === line?.position && line.commit === line.position;
  }

  /** Names a place that the log does not have, where no loss explains it. */
  contradiction(losses: readonly Loss[]): { readonly slot: HeadSlot; readonly text: string } | undefined {
    const slot = this.#slot;
    if (slot === undefined || this.#isRight) return undefined;
    if (losses.some(({ position, lastPosition }) => position <= slot.position && slot.position <= lastPosition))
      return undefined;
    const text = `the log was durable up to byte ${slot.offset} of segment ${slot.segment}, position ${slot.position}, and no such line ends there`;
    return { slot, text };
  }
}
