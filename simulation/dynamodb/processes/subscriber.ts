/**
 * Subscribes to the feed of one instance after the other, each time from the last cursor that it
 * was told, and writes down what it was sent.
 */
import type { RecordedEvent } from '@event-store/core';
import type { SeenEvent } from '../../checker/history.ts';
import type { Chance } from '../chance.ts';
import type { History } from '../history.ts';
import { asSeen } from './recorded-history.ts';

export interface SubscriberOptions {
  readonly name: string;
  readonly chance: Chance;
  readonly instances: { readonly running: readonly { readonly url: string }[] };
  readonly time: { monotonicMs(): number; wait(delayMs: number): Promise<void> };
  readonly history: Pick<History, 'connections'>;
}

export class Subscriber {
  readonly #options: SubscriberOptions;
  #following: Promise<void> | undefined;
  #connection = new AbortController();
  #isDone = false;
  /** The last cursor that it was told. */
  #cursor = 0;
  /** When it was last told that this is the end. */
  caughtUpMs = Number.NEGATIVE_INFINITY;

  constructor(options: SubscriberOptions) {
    this.#options = options;
  }

  start(): void {
    this.#following = this.#follow();
  }

  async stop(): Promise<void> {
    this.#isDone = true;
    this.#connection.abort();
    await this.#following;
  }

  async #follow(): Promise<void> {
    const { chance, instances, time, history, name } = this.#options;
    while (!this.#isDone) {
      const { url } = chance.one(instances.running);
      const after = this.#cursor;
      const invokedMs = time.monotonicMs();
      const sent = { saw: [] as SeenEvent[], sawMs: [] as number[], ends: [] as { cursor: number; atMs: number }[] };
      await this.#listen(url, sent);
      const returnedMs = time.monotonicMs();
      const through = this.#cursor;
      history.connections.push({ kind: 'connection', client: name, invokedMs, returnedMs, after, through, ...sent });
      await time.wait(chance.between(0, 50));
    }
  }

  /** Until the connection ends, or this client has had enough of it. */
  async #listen(url: string, sent: Sent): Promise<void> {
    const { chance, time } = this.#options;
    const connection = new AbortController();
    this.#connection = connection;
    void time.wait(chance.between(200, 4_000)).then(() => connection.abort());
    const headers = {
      Accept: 'text/event-stream',
      ...(this.#cursor > 0 && { 'Last-Event-ID': String(this.#cursor) }),
    };
    let rest = '';
    try {
      const { body } = await fetch(`${url}/-/events`, { headers, signal: connection.signal });
      for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const messages = (rest + text).split('\n\n');
        rest = messages.pop() ?? '';
        for (const message of messages) this.#take(message, sent);
      }
    } catch {
      // A connection may end at any time; what came before that is what counts.
    }
  }

  #take(message: string, { saw, sawMs, ends }: Sent): void {
    const id = /^id: (\d+)$/m.exec(message)?.[1];
    if (id === undefined) return;
    const atMs = this.#options.time.monotonicMs();
    this.#cursor = Number(id);
    const [, kind] = /^event: (.+)$/m.exec(message) ?? [];
    if (kind === 'caught-up') {
      this.caughtUpMs = atMs;
      ends.push({ cursor: this.#cursor, atMs });
    }
    if (kind !== undefined) return;
    saw.push(asSeen(JSON.parse(/^data: (.+)$/m.exec(message)?.[1] ?? '') as RecordedEvent));
    sawMs.push(atMs);
  }
}

interface Sent {
  readonly saw: SeenEvent[];
  readonly sawMs: number[];
  readonly ends: { readonly cursor: number; readonly atMs: number }[];
}
