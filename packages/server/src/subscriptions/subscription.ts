/**
 * One subscriber: a cursor over what is committed. It reads what follows the cursor, writes it,
 * says when that was the end, and waits for more; whether what it reads is old or new makes no
 * difference. One block is on its way at most, so a slow reader costs no more than that.
 */
import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { Backlog } from '../http/backlog.ts';
import { ClientGone } from '../http/refusals.ts';
import { type Block, comment, cursorOnly } from './block.ts';
import { type Rounds, Waiter } from './rounds.ts';
import type { ReadBlock, SharedBlocks } from './shared-blocks.ts';
import type { Source } from './source.ts';

interface Parts {
  readonly rounds: Rounds;
  readonly blocks: SharedBlocks;
  readonly backlog: Backlog;
  readonly delivered: (events: number) => void;
}

export class Subscription {
  readonly source: Source;
  readonly #parts: Parts;
  readonly #response: ServerResponse;
  readonly #waiter = new Waiter();
  #cursor: number;
  /** The cursor with which it last said that this is the end. */
  #toldEnd: number | undefined;
  #isWaiting = false;
  #isStalled = false;

  constructor(
    parts: Parts,
    { source, cursor, response }: { source: Source; cursor: number; response: ServerResponse },
  ) {
    this.#parts = parts;
    this.source = source;
    this.#cursor = cursor;
    this.#response = response;
  }

  get cursor(): number {
    return this.#cursor;
  }

  /** Whether everything was delivered and more is waited for. */
  get isAtEnd(): boolean {
    return this.#isWaiting;
  }

  /**
   * Delivers from a block that was read behind the cursor, until the server stops; then it tells
   * the cursor and ends the answer. Throws what the engine throws, and `ClientGone`.
   */
  async run(first: ReadBlock): Promise<void> {
    const { rounds, blocks } = this.#parts;
    this.#response.once('close', () => rounds.leave(this.#waiter));
    let next = first;
    while (!rounds.isStopped) {
      const { block, round } = next;
      await this.#deliver(block, { isEnd: block.messagesWithEnd !== undefined && round === rounds.number });
      if (block.messagesWithEnd === undefined) await setImmediate();
      else await this.#more(round);
      if (!rounds.isStopped) next = await blocks.read(this.source, this.#cursor);
    }
    this.#response.end(cursorOnly({ place: this.source.place, cursor: this.#cursor }));
  }

  /** Something for the connection to live by, unless something else is on its way. */
  keepAlive(): void {
    if (!this.#isStalled && !this.#response.writableEnded) this.#response.write(comment);
  }

  async #deliver({ count, through, messages, messagesWithEnd }: Block, { isEnd }: { isEnd: boolean }): Promise<void> {
    const isNews = count > 0 || this.#toldEnd !== through;
    const bytes = isEnd && isNews && messagesWithEnd !== undefined ? messagesWithEnd : messages;
    this.#cursor = through;
    if (isEnd) this.#toldEnd = through;
    if (bytes.length > 0) await this.#write(bytes);
    this.#parts.delivered(count);
  }

  async #more(round: number): Promise<void> {
    this.#checkThere();
    this.#isWaiting = true;
    await this.#parts.rounds.next(round, this.#waiter);
    this.#isWaiting = false;
  }

  async #write(bytes: Buffer): Promise<void> {
    const response = this.#response;
    this.#checkThere();
    if (response.write(bytes)) return;
    const { backlog } = this.#parts;
    this.#isStalled = true;
    backlog.expectProgress(response);
    const { promise, resolve } = Promise.withResolvers<void>();
    response.once('drain', resolve);
    response.once('close', resolve);
    await promise;
    response.off('drain', resolve);
    response.off('close', resolve);
    backlog.progressMade(response);
    this.#isStalled = false;
    this.#checkThere();
  }

  #checkThere(): void {
    if (this.#response.destroyed) throw new ClientGone('The subscriber went away');
  }
}
