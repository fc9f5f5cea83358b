/** A subscriber to the feed on a bare socket that checks each cursor, or one that never reads. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export class CountingSubscriber {
  readonly #socket: Socket;
  #cursor: number;
  #rest = '';
  #failure: Error | undefined;

  private constructor(socket: Socket, cursor: number) {
    this.#socket = socket;
    this.#cursor = cursor;
    socket.on('error', (error) => this.#fail(error));
    socket.on('data', (chunk) => this.#take(`${chunk}`));
  }

  static async open(port: number, { after }: { after: number }): Promise<CountingSubscriber> {
    return new CountingSubscriber(await subscribe(port, '/-/events', after), after);
  }

  /** The last position that came; throws what went wrong. */
  get cursor(): number {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#cursor;
  }

  leave(): void {
    this.#socket.removeAllListeners('error').on('error', () => undefined);
    this.#socket.destroy();
  }

  #take(text: string): void {
    const messages = (this.#rest + text).split('\n\n');
    this.#rest = messages.pop() ?? '';
    for (const message of messages) {
      const [, id] = message.includes('event: caught-up') ? [] : (/(?:^|\n)id: (\d+)\ndata: /.exec(message) ?? []);
      if (id === undefined) continue;
      const position = Number(id);
      if (position !== this.#cursor + 1) this.#fail(new Error(`${position} comes behind ${this.#cursor}`));
      this.#cursor = position;
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
  }
}

/** Asks for a stream's events and never looks at them. */
export async function neverReading(port: number, path: string): Promise<Socket> {
  const socket = (await subscribe(port, path, 0)).pause();
  socket.on('error', () => socket.destroy());
  return socket;
}

async function subscribe(port: number, path: string, after: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nLast-Event-ID: ${after}\r\n\r\n`,
  );
  assert.ok(!socket.destroyed);
  return socket;
}
