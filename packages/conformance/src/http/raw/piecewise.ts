/**
 * Many connections at once, each sent its bytes in pieces that the server reads one by one: between
 * two pieces a request on another connection is answered, so the server has seen the first.
 */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { systemClock } from '@event-store/core';
import type { HttpAnswer, StoreClient } from '../store-client.ts';
import { parseAnswers } from './parse-answers.ts';
import { openSocket } from './raw-exchange.ts';

interface Conversation {
  /** Latin-1. */
  readonly pieces: readonly string[];
  /** How many answers are waited for. */
  readonly answers: number;
  /** Which of them answer a `HEAD`, from 0. */
  readonly heads: readonly number[];
  /** Whether the server is to close the connection by itself. */
  readonly closes: boolean;
}

/** What came back; answers that nobody waited for are here too. */
export interface Heard {
  readonly answers: readonly HttpAnswer[];
  readonly closed: boolean;
}

const deadlineMs = 10_000;

export async function converse(
  { client, baseUrl }: { client: StoreClient; baseUrl: () => string },
  conversations: readonly Conversation[],
): Promise<Heard[]> {
  const seen = (): Promise<unknown> => client.get('/-/health/live');
  const lines = conversations.map((each) => new Line(openSocket(baseUrl()), each));
  const rounds = Math.max(...conversations.map(({ pieces }) => pieces.length));
  await Promise.all(lines.map((line) => line.opened));
  for (let round = 0; round < rounds; round++) {
    for (const line of lines) line.send(round);
    if (round < rounds - 1) await seen();
  }
  await Promise.all(lines.map((line) => line.done));
  // Whatever the server still has to say about these bytes, it has said before it answers this.
  await seen();
  return lines.map((line) => line.hangUp());
}

class Line {
  readonly opened: Promise<unknown>;
  /** Everything that is waited for has come, or the time is over. */
  readonly done: Promise<void>;
  readonly #socket: Socket;
  readonly #conversation: Conversation;
  #received = '';
  #closed = false;

  constructor(socket: Socket, conversation: Conversation) {
    this.#socket = socket.setNoDelay(true);
    this.#conversation = conversation;
    this.opened = once(socket, 'connect');
    const { promise, resolve } = Promise.withResolvers<void>();
    this.done = promise;
    const deadline = systemClock.after(deadlineMs, resolve);
    const check = (): void => {
      const { answers } = this.#heard();
      if (!this.#closed && (conversation.closes || answers.length < conversation.answers)) return;
      deadline.cancel();
      resolve();
    };
    socket.on('data', (chunk) => {
      this.#received += chunk.toString('latin1');
      check();
    });
    for (const event of ['end', 'error', 'close']) {
      socket.on(event, () => {
        this.#closed = true;
        check();
      });
    }
  }

  send(round: number): void {
    const piece = this.#conversation.pieces[round];
    if (piece !== undefined && !this.#closed) this.#socket.write(piece, 'latin1');
  }

  hangUp(): Heard {
    const heard = this.#heard();
    this.#socket.destroy();
    return heard;
  }

  #heard(): Heard {
    const { heads } = this.#conversation;
    const answers = parseAnswers(this.#received, { hasEnded: this.#closed, heads });
    return { answers, closed: this.#closed };
  }
}
