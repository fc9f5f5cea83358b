/**
 * Appends with the feed off: one conditional put for one event, one transaction for several or for
 * one with a marker. Appends of this instance to one stream go one after the other, so that they
 * do not compete with each other.
 */
import { type AppendResult, assert, type StreamAppend } from '@event-store/core';
import { definitePut, writeRefused } from '../definite-put.ts';
import { definiteTransaction } from '../definite-transaction.ts';
import type { Head, Heads } from '../heads.ts';
import { readHead } from '../read-head.ts';
import type { Item } from '../table.ts';
import { Backoff, type World } from '../world.ts';
import { appendItems, timeBehind } from './append-items.ts';
import type { AppendTicket } from './append-ticket.ts';
import { type AppendWriter, appended } from './append-writer.ts';
import { planBehind, planByQuery } from './plan-append.ts';

/** Others write to the same stream: let them pass. */
const contentionBackoff = { firstMs: 2, limitMs: 100 };

export interface PlainWriterOptions {
  readonly world: World;
  readonly heads: Heads;
  /** Told after each append that was stored. */
  readonly onStored: () => void;
}

export class PlainWriter implements AppendWriter {
  readonly #world: World;
  readonly #heads: Heads;
  readonly #onStored: () => void;
  readonly #last = new Map<string, Promise<unknown>>();

  constructor({ world, heads, onStored }: PlainWriterOptions) {
    this.#world = world;
    this.#heads = heads;
    this.#onStored = onStored;
  }

  append(append: StreamAppend, ticket: AppendTicket): Promise<AppendResult> {
    const before = this.#last.get(append.streamId);
    const work = before === undefined ? this.#append(append, ticket) : before.then(() => this.#append(append, ticket));
    const ended = work.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(append.streamId, ended);
    void ended.then(() => this.#last.get(append.streamId) === ended && this.#last.delete(append.streamId));
    return work;
  }

  async #append(append: StreamAppend, ticket: AppendTicket): Promise<AppendResult> {
    const backoff = new Backoff(this.#world, contentionBackoff);
    const head = this.#heads.get(append.streamId) ?? (await readHead(this.#world, append.streamId));
    let plan = planBehind(append, head) ?? (await planByQuery(this.#world, append));
    while (plan.step === 'write') {
      if (ticket.isExpired) throw ticket.expiry();
      const result = await this.#write(append, plan.head, ticket);
      if (result !== undefined) return result;
      ticket.noteNotStored();
      await backoff.wait();
      plan = await planByQuery(this.#world, append);
    }
    return plan.result;
  }

  /** `undefined` when somebody else was there first. */
  async #write(append: StreamAppend, head: Head, ticket: AppendTicket): Promise<AppendResult | undefined> {
    const { clock, random, observer } = this.#world;
    const firstVersion = head.version + 1;
    const nonce = random.nonce();
    const time = timeBehind(head, clock.now());
    const items = appendItems({ append, firstVersion, nonce, time, lane: undefined });
    const startMs = clock.monotonicMs();
    ticket.noteSent();
    if (!(await this.#put(items, nonce))) return undefined;
    const version = firstVersion + append.events.length - 1;
    this.#heads.learn(append.streamId, { version, lane: undefined, time, ours: true });
    this.#onStored();
    const syncSeconds = (clock.monotonicMs() - startMs) / 1000;
    observer.groupCommitted?.({ appends: 1, events: append.events.length, bytes: 0, syncSeconds });
    return appended(append, { firstVersion, count: append.events.length });
  }

  async #put(items: readonly Item[], nonce: string): Promise<boolean> {
    const [first, ...others] = items;
    assert(first !== undefined, 'an append has an event');
    if (others.length === 0) return (await definitePut(this.#world, first)) === undefined;
    const result = await definiteTransaction(this.#world, { items, nonce });
    if (result.outcome === 'invalid') throw writeRefused(result.cause);
    return result.outcome === 'won';
  }

  async close(): Promise<void> {
    await Promise.all(this.#last.values());
  }
}
