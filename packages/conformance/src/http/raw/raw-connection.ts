/** One connection that says what it is told and keeps what it hears; waiting is up to its user. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { HttpAnswer } from '../store-client.ts';
import { parseAnswers } from './parse-answers.ts';
import { openSocket } from './raw-exchange.ts';

/** What came back so far. */
export interface Heard {
  /** Whole final answers. */
  readonly answers: readonly HttpAnswer[];
  /** Whether the server has closed the connection. */
  readonly closed: boolean;
}

export class RawConnection {
  readonly #socket: Socket;
  #received = '';
  #closed = false;
  #changed = Promise.withResolvers<void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received += chunk.toString('latin1');
      this.#wake();
    });
    for (const event of ['end', 'error', 'close']) {
      socket.on(event, () => {
        this.#closed = true;
        this.#wake();
      });
    }
  }

  static async open(baseUrl: string): Promise<RawConnection> {
    const socket = openSocket(baseUrl).setNoDelay(true);
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  /** Everything that came, one character for each byte. */
  get received(): string {
    return this.#received;
  }

  /** Fulfils when something more has come, or the connection was closed. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  /** Sends bytes, Latin-1, unless the server is gone. */
  send(bytes: string): void {
    if (!this.#closed) this.#socket.write(bytes, 'latin1');
  }

  /** Closes this half of the connection; the server may go on. */
  end(): void {
    this.#socket.end();
  }

  /** `heads` has the places of the answers to `HEAD`, from 0. */
  heard(heads: readonly number[] = []): Heard {
    return { answers: parseAnswers(this.#received, { hasEnded: this.#closed, heads }), closed: this.#closed };
  }

  hangUp(): void {
    this.#socket.destroy();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
