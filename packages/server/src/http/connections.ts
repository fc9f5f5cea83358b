/**
 * What the server knows of each open connection. Node.js goes on parsing what was pipelined behind
 * a request that is refused, so a connection that will be closed is marked, and nothing more that
 * arrives on it is served. It also knows which connections are idle, so that stopping cuts nothing.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '@event-store/core';

interface Connection {
  /** Nothing that arrives from now on is served. */
  condemned: boolean;
  /** The answer to the newest request; it is sent after all the earlier ones. */
  last: ServerResponse<IncomingMessage> | undefined;
}

/** How long a closed connection goes on taking what the client still sends, so that it reads the answer. */
const lingerMs = 2_000;

export class Connections {
  readonly #open = new Map<Socket, Connection>();
  readonly #clock: Clock;
  #isDraining = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Whether every answer from now on closes its connection. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  add(socket: Socket): void {
    this.#open.set(socket, { condemned: false, last: undefined });
    socket.once('close', () => this.#open.delete(socket));
  }

  of(socket: Socket): Connection | undefined {
    return this.#open.get(socket);
  }

  /**
   * Serves nothing more on this connection and closes it behind the answer that is being sent. A
   * reset would destroy the answer before a client that is still sending has read it, so what
   * arrives is discarded for a while (RFC 9112 section 9.6).
   */
  condemn(socket: Socket): void {
    const connection = this.#open.get(socket);
    if (connection === undefined || connection.condemned) return;
    connection.condemned = true;
    socket.destroySoon = () => {
      socket.end();
      socket.once('end', () => socket.destroy());
      socket.resume();
      this.#clock.after(lingerMs, () => socket.destroy());
    };
  }

  /**
   * Closes idle connections now and every other one behind the answer that it waits for; resolves
   * when the answers that are under way now have ended.
   */
  async drain(): Promise<void> {
    this.#isDraining = true;
    const underWay: Promise<unknown>[] = [];
    for (const [socket, { last }] of this.#open) {
      if (last === undefined || last.writableFinished) {
        socket.destroy();
        continue;
      }
      if (last.headersSent) last.once('finish', () => socket.destroySoon());
      else last.shouldKeepAlive = false;
      underWay.push(new Promise((resolve) => last.once('close', resolve)));
    }
    await Promise.all(underWay);
  }
}
