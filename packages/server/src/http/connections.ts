/**
 * What the server knows of each open connection. Node.js goes on parsing what was pipelined behind
 * a request that is refused, so a connection that will be closed is marked, and nothing more that
 * arrives on it is served. It also knows which connections are idle, so that stopping cuts nothing.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '@event-store/core';
import { Turns } from './turns.ts';

export interface Connection {
  /** Serves the connection for now, in place of node:http. */
  lane: { close(): Promise<void> } | undefined;
  /** Nothing that arrives from now on is served. */
  condemned: boolean;
  /** The answer to the newest request, which is sent after the earlier ones; let go once both are over. */
  last: ServerResponse<IncomingMessage> | undefined;
  /** Of its requests. */
  readonly turns: Turns;
  /** To be called when an answer has ended. */
  readonly ended: () => void;
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

  /** Whether answers should be the last ones on their connections. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  add(socket: Socket): Connection {
    const connection: Connection = {
      lane: undefined,
      condemned: false,
      last: undefined,
      turns: new Turns(socket),
      ended: () => {
        const { last } = connection;
        if (last?.writableFinished && last.req.complete) connection.last = undefined;
      },
    };
    this.#open.set(socket, connection);
    socket.once('close', () => this.#open.delete(socket));
    // Node.js takes its own listener away from sockets that it hands on (CONNECT).
    socket.on('error', () => socket.destroy());
    return connection;
  }

  /** Has a request served when it is its turn, unless it is served never; its answer is expected from now on. */
  accept({ socket }: IncomingMessage, response: ServerResponse<IncomingMessage>, serve: () => void): void {
    const connection = this.#open.get(socket);
    if (connection === undefined || connection.condemned) return;
    connection.last = response;
    response.on('close', connection.ended);
    if (this.#isDraining) response.shouldKeepAlive = false;
    connection.turns.take(response, serve);
  }

  /**
   * Condemns a connection whose newest request is wrong, and calls `act` once that has begun. When it
   * does depends on the answers before it, and what it is answered must not.
   */
  onceNewestBegan(socket: Socket, act: () => void): void {
    const connection = this.#open.get(socket);
    if (connection?.turns.isNewestWaiting) this.condemn(socket);
    connection?.turns.onceNewestBegan(act);
  }

  isCondemned(socket: Socket): boolean {
    return this.#open.get(socket)?.condemned ?? true;
  }

  /** The answer to the newest request; `undefined` when the connection is idle. */
  lastAnswer(socket: Socket): ServerResponse<IncomingMessage> | undefined {
    return this.#open.get(socket)?.last;
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
    for (const [socket, { lane, last }] of this.#open) {
      if (lane !== undefined) {
        underWay.push(lane.close());
        continue;
      }
      if (last === undefined || last.writableFinished) {
        socket.destroy();
        continue;
      }
      if (last.headersSent) last.once('close', () => socket.destroySoon());
      else last.shouldKeepAlive = false;
      // An answer that waits for others is not told when its socket closes.
      underWay.push(new Promise((resolve) => [last, socket].map((either) => either.once('close', resolve))));
    }
    await Promise.all(underWay);
  }

  /** Cuts off everybody. */
  destroyAll(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }
}
