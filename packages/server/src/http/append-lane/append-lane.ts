/**
 * The short way for plain appends: from the socket to the engine and back, without the general
 * HTTP server. It takes every new connection and keeps it for as long as requests come one at a
 * time in the one form of plain-append.ts. At anything else, also at anything wrong, node:http gets
 * the connection for good, with the bytes that have come: it alone refuses.
 *
 *     new ──> idle ── plain append ──> appending ── answered ──> idle
 *               └── anything else ──> node:http <── more came ──┘
 */
import type { Socket } from 'node:net';
import { type AppendResult, EventStoreError, type Timer } from '@event-store/core';
import { type Answer, printAnswer } from '../answer.ts';
import { type AppendParts, appendAnswer, appendTargetIn, beginAppend } from '../appends.ts';
import type { AccessCheck } from '../check-access.ts';
import type { Connection, Connections } from '../connections.ts';
import type { Refusals } from '../refusals.ts';
import { KeepAliveHeaders } from './keep-alive-headers.ts';
import { PlainAppendParser } from './plain-append.ts';

export interface AppendLaneParts extends AppendParts {
  readonly access: AccessCheck;
  readonly connections: Connections;
  readonly refusals: Refusals;
}

/** How long a connection may be silent. */
interface Patience {
  /** Before its first request. */
  readonly headMs: number;
  /** Between requests. */
  readonly keepAliveMs: number;
}

/** Beyond what clients are told, as in node:http: a request sent in time may be on its way. */
const keepAliveGraceMs = 1_000;

export class AppendLane {
  readonly #parts: AppendLaneParts;
  readonly #patience: Patience;
  readonly #keepAlive: KeepAliveHeaders;

  constructor(parts: AppendLaneParts, patience: Patience) {
    this.#parts = parts;
    this.#patience = patience;
    this.#keepAlive = new KeepAliveHeaders(parts.clock, patience.keepAliveMs);
  }

  /** Serves a new connection; `handOn` is called when something comes that is not for the lane. */
  take(socket: Socket, handOn: () => void): void {
    const connection = this.#parts.connections.add(socket);
    connection.lane = new LaneConnection({
      ...this.#parts,
      patience: this.#patience,
      keepAlive: this.#keepAlive,
      socket,
      connection,
      handOn,
    });
  }
}

interface LaneConnectionParts extends AppendLaneParts {
  readonly patience: Patience;
  readonly keepAlive: KeepAliveHeaders;
  readonly socket: Socket;
  readonly connection: Connection;
  readonly handOn: () => void;
}

class LaneConnection {
  readonly #parts: LaneConnectionParts;
  readonly #parser: PlainAppendParser;
  readonly #listeners;
  #isAppending = false;
  #hasServed = false;
  /** When something came or was answered last. A timer that each of them set anew would cost more than the request. */
  #activeMs: number;
  #timer: Timer;
  /** The client has sent its last byte. */
  #isEnded = false;
  /** What came before the answer to the request before it. */
  #early: Buffer | undefined;

  constructor(parts: LaneConnectionParts) {
    this.#parts = parts;
    this.#parser = new PlainAppendParser(parts.access);
    this.#listeners = {
      data: (chunk: Buffer) => this.#arrived(chunk),
      end: () => this.#ended(),
      close: () => this.#timer.cancel(),
    };
    const { clock, patience, socket } = parts;
    for (const [event, listener] of Object.entries(this.#listeners)) socket.on(event, listener);
    this.#activeMs = clock.monotonicMs();
    this.#timer = clock.after(patience.headMs, () => this.#look());
  }

  /** Closes the connection behind the answer that it waits for; fulfils when it is closed. */
  close(): Promise<void> {
    const { socket } = this.#parts;
    if (!this.#isAppending) socket.destroy();
    return socket.closed ? Promise.resolve() : new Promise((resolve) => socket.once('close', () => resolve()));
  }

  #arrived(chunk: Buffer): void {
    if (this.#isAppending) {
      this.#early = chunk;
      this.#parts.socket.pause();
      return;
    }
    const { clock, socket } = this.#parts;
    const startedMs = clock.monotonicMs();
    this.#activeMs = startedMs;
    // A client that sends without taking answers is not for the lane.
    const request = socket.writableLength === 0 ? this.#parser.parse(chunk) : undefined;
    if (request === undefined) {
      this.#handOn(chunk);
      return;
    }
    let appending: Promise<AppendResult>;
    try {
      appending = beginAppend(this.#parts, appendTargetIn(request.target), request.json);
    } catch {
      this.#handOn(chunk);
      return;
    }
    this.#isAppending = true;
    appending.then(
      (result) => this.#answer(appendAnswer(this.#parts, result, startedMs)),
      (error: unknown) => this.#answer(this.#parts.refusals.answerOf(error)),
    );
  }

  #answer(answer: Answer<string>): void {
    const { clock, connections, keepAlive, metrics, socket } = this.#parts;
    this.#isAppending = false;
    this.#hasServed = true;
    this.#activeMs = clock.monotonicMs();
    if (!socket.writable) return;
    const isLast = connections.isDraining || this.#isEnded;
    const { text, encoding } = printAnswer(answer, isLast ? keepAlive.last : keepAlive.next);
    socket.write(text, encoding);
    metrics.answered(answer.status);
    if (isLast) socket.destroySoon();
    else if (this.#early !== undefined) this.#handOn(this.#early);
  }

  #handOn(chunk: Buffer): void {
    const { handOn, socket } = this.#parts;
    this.#letGo();
    handOn();
    socket.emit('data', chunk);
    socket.resume();
  }

  #ended(): void {
    this.#isEnded = true;
    if (!this.#isAppending) this.#parts.socket.end();
  }

  /** Whether the connection has been silent for too long; if not, looks again when it can be. */
  #look(): void {
    const { clock, patience } = this.#parts;
    const patienceMs = this.#hasServed ? patience.keepAliveMs + keepAliveGraceMs : patience.headMs;
    const leftMs = this.#isAppending ? patienceMs : this.#activeMs + patienceMs - clock.monotonicMs();
    if (leftMs <= 0) this.#silent();
    else this.#timer = clock.after(Math.ceil(leftMs), () => this.#look());
  }

  #silent(): void {
    const { refusals, socket } = this.#parts;
    if (this.#hasServed) {
      socket.destroy();
      return;
    }
    // A request that crosses with the refusal is taken for the one refused, so it must not run.
    this.#letGo();
    refusals.refuseConnection(socket, new EventStoreError('request-timeout', 'The request did not arrive in time.'));
  }

  #letGo(): void {
    const { connection, socket } = this.#parts;
    for (const [event, listener] of Object.entries(this.#listeners)) socket.removeListener(event, listener);
    this.#timer.cancel();
    connection.lane = undefined;
  }
}
