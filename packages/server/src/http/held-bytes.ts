import { EventStoreError } from '@event-store/core';

/** How much all requests together hold in memory: bodies that are still arriving, pages that nobody takes. */
export class HeldBytes {
  readonly bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  /** More, or with a negative number less, is held. */
  add(bytes: number): void {
    this.#bytes += bytes;
  }

  get isTooMuch(): boolean {
    return this.#bytes > this.bytesMax;
  }

  overloaded(): EventStoreError {
    return new EventStoreError('overloaded', 'The server holds as many unfinished requests as it can; try again.');
  }
}
