import { connect, type Socket } from 'node:net';

const bufferBytes = 64 * 1024;
const blankLine = Buffer.from('\n\n');
const position = Buffer.from('id: ');

/**
 * A subscriber to the feed that insists on every event once and in order. It looks at no more of a
 * message than its id and its first word, so that the cores are left to the store. Over HTTP/1.0,
 * which has no frames within the answer.
 */
export class EventSubscriber {
  /** The position of the last event. */
  last: number;
  /** Bytes of the answer. */
  bytes = 0;
  readonly #socket: Socket;
  readonly #received: (position: number, message: Buffer) => void;
  #rest = Buffer.alloc(0);
  #isHead = true;
  #wanted: { readonly position: number; readonly resolve: () => void } | undefined;
  readonly #failed = Promise.withResolvers<never>();

  constructor(
    { port, after }: { port: number; after: number },
    received: (position: number, message: Buffer) => void = () => undefined,
  ) {
    this.last = after;
    this.#received = received;
    const callback = (count: number, buffer: Uint8Array) => {
      this.#take(Buffer.from(buffer.buffer, buffer.byteOffset, count));
      return true;
    };
    this.#socket = connect({ port, host: '127.0.0.1', onread: { buffer: Buffer.allocUnsafe(bufferBytes), callback } });
    this.#socket.on('error', this.#failed.reject);
    this.#socket.on('close', () => this.#failed.reject(new Error('the subscription ended')));
    this.#failed.promise.catch(() => undefined);
    this.#socket.write(`GET /-/events?after=${after} HTTP/1.0\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`);
  }

  /** Fulfils when the event at a position has come. */
  async until(wanted: number): Promise<void> {
    if (this.last >= wanted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wanted = { position: wanted, resolve };
    await Promise.race([promise, this.#failed.promise]);
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.bytes += chunk.length;
    const source = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    if (this.#isHead) {
      start = source.indexOf('\r\n\r\n') + 4;
      if (start < 4 || !source.toString('latin1', 0, start).includes(' 200 ')) throw new Error('not subscribed');
      this.#isHead = false;
    }
    for (let end = source.indexOf(blankLine, start); end >= 0; end = source.indexOf(blankLine, start)) {
      if (source[start] === position[0]) this.#event(source.subarray(start, end));
      start = end + blankLine.length;
    }
    this.#rest = start === source.length ? Buffer.alloc(0) : Buffer.from(source.subarray(start));
    if (this.#wanted !== undefined && this.last >= this.#wanted.position) this.#wanted.resolve();
  }

  #event(message: Buffer): void {
    let id = 0;
    for (let at = position.length; message[at] !== 0x0a; at++) id = id * 10 + (message[at] as number) - 0x30;
    if (id !== this.last + 1) throw new Error(`after position ${this.last} came ${id}`);
    this.last = id;
    this.#received(id, message);
  }
}
