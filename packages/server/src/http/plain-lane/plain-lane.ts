/**
 * The short way for plain requests: from the socket to the engine and back, without the general
 * HTTP server. It takes every new connection and keeps it for as long as requests come one at a
 * time in a form of plain-request.ts. At anything else, also at anything wrong, node:http gets the
 * connection for good, with the bytes that have come: it alone refuses.
 *
 *     new ──> idle ── plain request ──> busy ── answer taken ──> idle
 *               └── anything else ──> node:http <── more came ──┘
 */
import type { Socket } from 'node:net';
import { type AppendResult, assert, EventStoreError, type Timer } from '@event-store/core';
import { type Answer, printAnswer, printHead } from '../answer.ts';
import { type AppendParts, appendAnswer, appendTargetIn, beginAppend } from '../appends.ts';
import type { Backlog } from '../backlog.ts';
import type { AccessCheck } from '../check-access.ts';
import type { Connection, Connections } from '../connections.ts';
import { isOneTooMany } from '../page.ts';
import type { PlacedBody } from '../placed-body.ts';
import type { Refusals } from '../refusals.ts';
import { AnswerBuffers } from './answer-buffers.ts';
import { KeepAliveHeaders } from './keep-alive-headers.ts';
import { plainReadIn, readAtOnce, readLater } from './plain-read.ts';
import { type PlainRequest, PlainRequestParser } from './plain-request.ts';

export interface PlainLaneParts extends AppendParts {
  readonly access: AccessCheck;
  readonly backlog: Backlog;
  readonly connections: Connections;
  readonly refusals: Refusals;
}

/** How long a connection may be silent. */
interface Patience {
  /** Before its first request. */
  readonly headMs: number;
  /** Between requests. */
  readonly keepAliveMs: number;
  /** Without taking anything of an answer. */
  readonly stallMs: number;
}

/** Beyond what clients are told, as in node:http: a request sent in time may be on its way. */
const keepAliveGraceMs = 1_000;

/** What the connections of one lane share. */
interface Shared extends PlainLaneParts {
  readonly patience: Patience;
  readonly keepAlive: KeepAliveHeaders;
  readonly buffers: AnswerBuffers;
}

export class PlainLane {
  readonly #shared: Shared;

  constructor(parts: PlainLaneParts, patience: Patience) {
    const keepAlive = new KeepAliveHeaders(parts.clock, patience.keepAliveMs);
    this.#shared = { ...parts, patience, keepAlive, buffers: new AnswerBuffers() };
  }

  /** Serves a new connection; `handOn` is called when something comes that is not for the lane. */
  take(socket: Socket, handOn: () => void): void {
    const connection = this.#shared.connections.add(socket);
    connection.lane = new LaneConnection({ ...this.#shared, socket, connection, handOn });
  }
}

interface LaneConnectionParts extends Shared {
  readonly socket: Socket;
  readonly connection: Connection;
  readonly handOn: () => void;
}

class LaneConnection {
  readonly #parts: LaneConnectionParts;
  readonly #parser: PlainRequestParser;
  readonly #listeners;
  /** A request is being served, or its answer has not been taken. */
  #isBusy = false;
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
    this.#parser = new PlainRequestParser(parts.access);
    this.#listeners = {
      data: (chunk: Buffer) => this.#arrived(chunk),
      end: () => this.#ended(),
      timeout: () => parts.socket.destroy(),
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
    if (!this.#isBusy) socket.destroy();
    return socket.closed ? Promise.resolve() : new Promise((resolve) => socket.once('close', () => resolve()));
  }

  #arrived(chunk: Buffer): void {
    if (this.#isBusy) {
      this.#early = chunk;
      this.#parts.socket.pause();
      return;
    }
    this.#activeMs = this.#parts.clock.monotonicMs();
    const request = this.#parser.parse(chunk);
    if (request === undefined || !this.#serve(request)) this.#handOn(chunk);
  }

  /** Whether the request is served; nothing of it has happened if it is not. */
  #serve({ target, json }: PlainRequest): boolean {
    try {
      if (json !== undefined) this.#append(target, json);
      else if (this.#parts.backlog.isTooMuch) return false;
      else this.#read(target);
    } catch {
      return false;
    }
    return true;
  }

  #append(target: string, json: string): void {
    const startedMs = this.#activeMs;
    const appending: Promise<AppendResult> = beginAppend(this.#parts, appendTargetIn(target), json);
    this.#isBusy = true;
    appending.then(
      (result) => this.#answer(appendAnswer(this.#parts, result, startedMs)),
      (error: unknown) => this.#answer(this.#parts.refusals.answerOf(error)),
    );
  }

  #read(target: string): void {
    const { store, backlog, buffers, refusals } = this.#parts;
    const { engine } = store;
    const read = plainReadIn(target, engine.capabilities.limits);
    const buffer = buffers.take();
    const body = readAtOnce(engine, read, buffer);
    if (body !== undefined) {
      this.#answerAtOnce(body, buffer);
      return;
    }
    buffers.giveBack(buffer);
    this.#isBusy = true;
    readLater(engine, read).then(
      // Since it was begun, others may have filled what can be held.
      (answer) => this.#answer(isOneTooMany(answer.body, backlog) ? refusals.answerOf(backlog.overloaded()) : answer),
      (error: unknown) => this.#answer(refusals.answerOf(error)),
    );
  }

  #answerAtOnce({ start, end, headers }: PlacedBody, buffer: Buffer): void {
    const { socket, buffers } = this.#parts;
    const head = printHead({ status: 200, headers, length: end - start }, this.#connectionHeaders);
    const headStart = start - head.length;
    assert(headStart >= 0, 'there is room for a head');
    buffer.write(head, headStart, 'latin1');
    socket.write(buffer.subarray(headStart, end));
    this.#sent({ status: 200, bytes: buffer.length, taken: () => buffers.giveBack(buffer) });
  }

  #answer(answer: Answer): void {
    const { socket } = this.#parts;
    if (!socket.writable) return;
    const { status, body } = answer;
    if (typeof body === 'string') {
      const { text, encoding } = printAnswer({ ...answer, body }, this.#connectionHeaders);
      socket.write(text, encoding);
    } else {
      socket.cork();
      socket.write(printHead({ ...answer, length: body.length }, this.#connectionHeaders), 'latin1');
      socket.write(body);
      socket.uncork();
    }
    this.#sent({ status, bytes: body.length, taken: () => undefined });
  }

  get #isLast(): boolean {
    return this.#parts.connections.isDraining || this.#isEnded;
  }

  get #connectionHeaders(): string {
    const { keepAlive } = this.#parts;
    return this.#isLast ? keepAlive.last : keepAlive.next;
  }

  /** Goes on once the socket has taken the answer, as a rule at once; meanwhile `bytes` are held. */
  #sent({ status, bytes, taken }: { status: number; bytes: number; taken: () => void }): void {
    const { backlog, clock, metrics, patience, socket } = this.#parts;
    metrics.answered(status);
    this.#hasServed = true;
    this.#activeMs = clock.monotonicMs();
    if (socket.writableLength === 0) {
      taken();
      this.#goOn();
      return;
    }
    this.#isBusy = true;
    backlog.add(bytes);
    socket.setTimeout(patience.stallMs);
    // Comes behind the answer, or fails with it.
    socket.write('', (error) => {
      backlog.add(-bytes);
      if (error) return;
      socket.setTimeout(0);
      taken();
      this.#activeMs = clock.monotonicMs();
      this.#goOn();
    });
  }

  #goOn(): void {
    this.#isBusy = false;
    if (this.#isLast) this.#parts.socket.destroySoon();
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
    if (!this.#isBusy) this.#parts.socket.end();
  }

  /** Whether the connection has been silent for too long; if not, looks again when it can be. */
  #look(): void {
    const { clock, patience } = this.#parts;
    const patienceMs = this.#hasServed ? patience.keepAliveMs + keepAliveGraceMs : patience.headMs;
    const leftMs = this.#isBusy ? patienceMs : this.#activeMs + patienceMs - clock.monotonicMs();
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
