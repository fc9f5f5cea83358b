/**
 * What the server holds for clients that are slow: bodies that are still arriving and answers that
 * are not taken, bounded in bytes over all of them, and in time for each that takes nothing.
 */
import type { ServerResponse } from 'node:http';
import { EventStoreError } from '@event-store/core';

export class Backlog {
  readonly bytesMax: number;
  readonly #stallMsMax: number;
  #bytes = 0;

  constructor({ bytesMax, stallMsMax }: { bytesMax: number; stallMsMax: number }) {
    this.bytesMax = bytesMax;
    this.#stallMsMax = stallMsMax;
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

  /** From here on the connection is dropped when the client takes nothing for too long. */
  expectProgress({ req: { socket } }: ServerResponse): void {
    socket.setTimeout(this.#stallMsMax);
  }

  /** The client has taken everything; what takes long from here on is ours. */
  progressMade({ req: { socket } }: ServerResponse): void {
    socket.setTimeout(0);
  }
}
