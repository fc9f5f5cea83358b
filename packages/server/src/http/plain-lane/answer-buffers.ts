/**
 * Buffers in which answers are put together. One is enough for as long as sockets take answers at
 * once; one that a socket has not emptied yet is another's to give back.
 */

/** Room for a thousand small events; larger answers are made elsewhere. */
const bufferBytes = 512 * 1024;

/** More are left to the collector. */
const sparesMax = 8;

export class AnswerBuffers {
  readonly #spares: Buffer[] = [];

  take(): Buffer {
    return this.#spares.pop() ?? Buffer.allocUnsafeSlow(bufferBytes);
  }

  giveBack(buffer: Buffer): void {
    if (this.#spares.length < sparesMax) this.#spares.push(buffer);
  }
}
