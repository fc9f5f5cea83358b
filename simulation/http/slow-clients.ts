/** Clients that hold what they have got: each kind makes the server wait in another place. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Clock } from '../../packages/core/src/clock.ts';

interface SlowKind {
  /** What is sent at once, and what then drips, byte after byte, for ever. */
  readonly begin: string;
  readonly drip: string;
  /** Whether its request is never whole, so that the server must answer 408 and close. */
  readonly isRefused: boolean;
}

const head = 'POST /slow HTTP/1.1\r\nHost: localhost\r\n';

const kinds: readonly SlowKind[] = [
  { begin: '', drip: '', isRefused: false },
  { begin: 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', drip: '', isRefused: false },
  { begin: 'GET /slow', drip: 'x', isRefused: true },
  { begin: `${head}X: `, drip: 'x', isRefused: true },
  { begin: `${head}Content-Length: 100000\r\n\r\n{"type":"`, drip: 'x', isRefused: true },
  { begin: `${head}Transfer-Encoding: chunked\r\n\r\n`, drip: '1\r\n \r\n', isRefused: true },
  { begin: `${head}Expect: 100-continue\r\nContent-Length: 100\r\n\r\n`, drip: '', isRefused: true },
];

const dripMs = 500;
/** Connecting all at once would overflow the queue of those that wait to be accepted. */
const connectingMax = 100;

export class SlowClients {
  readonly #clients: { socket: Socket; kind: SlowKind; received: string; dripped: number }[] = [];
  readonly #clock: Clock;
  #isOver = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async connect(port: number, count: number): Promise<void> {
    while (this.#clients.length < count) {
      const more = Math.min(connectingMax, count - this.#clients.length);
      await Promise.all(Array.from({ length: more }, (_, index) => this.#open(port, this.#clients.length + index)));
    }
    this.#dripLater();
  }

  /** Of those whose requests never become whole: how many there are, and how many were answered 408 and closed. */
  get refused(): { readonly expected: number; readonly done: number } {
    const expected = this.#clients.filter(({ kind }) => kind.isRefused);
    const done = expected.filter(({ received, socket }) => received.includes('HTTP/1.1 408 ') && socket.destroyed);
    return { expected: expected.length, done: done.length };
  }

  leave(): void {
    this.#isOver = true;
    for (const { socket } of this.#clients) socket.destroy();
  }

  async #open(port: number, index: number): Promise<void> {
    const kind = kinds[index % kinds.length] as SlowKind;
    const socket = connect(port, '127.0.0.1');
    const client = { socket, kind, received: '', dripped: 0 };
    this.#clients.push(client);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      client.received = (client.received + chunk).slice(-2_000);
    });
    await once(socket, 'connect');
    if (kind.begin !== '') socket.write(kind.begin);
  }

  #dripLater(): void {
    this.#clock.after(dripMs, () => {
      if (this.#isOver) return;
      for (const client of this.#clients) {
        const { socket, kind } = client;
        if (kind.drip === '' || socket.destroyed || socket.writableEnded) continue;
        socket.write(kind.drip.charAt(client.dripped++ % kind.drip.length));
      }
      this.#dripLater();
    });
  }
}
