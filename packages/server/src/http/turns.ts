/**
 * The requests of one connection, one after another: what was pipelined behind an append sees what
 * the append did (RFC 9112 section 9.3.2). A request begins when the answer before it has gone out;
 * on a connection that takes no answers any more, none does.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** With so many waiting, no more is read: Node.js would go on parsing, and hold them all. */
const waitingMax = 16;

export class Turns {
  readonly #socket: Socket;
  readonly #waiting: (() => void)[] = [];
  readonly #ended = () => this.#next();
  #isTaken = false;
  #isHeld = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Calls `begin` when it is the turn of the request that `response` answers: at once, if nothing is being answered. */
  take(response: ServerResponse, begin: () => void): void {
    response.on('close', this.#ended);
    if (this.#isTaken) {
      this.#waiting.push(begin);
      if (this.#waiting.length >= waitingMax) this.#hold();
      return;
    }
    this.#isTaken = true;
    begin();
  }

  get isNewestWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Calls `act` when the newest request has begun: now, unless it waits. */
  onceNewestBegan(act: () => void): void {
    const begin = this.#waiting.pop();
    if (begin === undefined) {
      act();
      return;
    }
    this.#waiting.push(() => {
      begin();
      act();
    });
  }

  #next(): void {
    if (!this.#socket.writable) this.#waiting.length = 0;
    const begin = this.#waiting.shift();
    if (this.#waiting.length < waitingMax) this.#release();
    this.#isTaken = begin !== undefined;
    begin?.();
  }

  /** Node.js resumes a socket whenever a body is read, so pausing it alone would not last. */
  #hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#socket.pause();
    this.#socket.resume = () => this.#socket;
  }

  #release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    Reflect.deleteProperty(this.#socket, 'resume');
    this.#socket.resume();
  }
}
