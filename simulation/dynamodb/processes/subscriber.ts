/**
 * Subscribes to the feed of one instance after the other, going on from the last event that it was
 * sent. It tolerates that a connection ends, and nothing else.
 */
import type { RecordedEvent } from '@event-store/core';
import type { Chance } from '../chance.ts';
import { type Subscription, Violation } from '../history.ts';

export interface SubscriberOptions {
  readonly chance: Chance;
  readonly instances: { readonly running: readonly { readonly url: string }[] };
  readonly wait: (delayMs: number) => Promise<void>;
  /** Where it writes down what it was sent. */
  readonly subscription: Subscription;
}

export class Subscriber {
  readonly #options: SubscriberOptions;
  isDone = false;

  constructor(options: SubscriberOptions) {
    this.#options = options;
  }

  /** The position of the last event that it was sent. */
  get position(): number {
    return this.#options.subscription.names.length;
  }

  async follow(): Promise<void> {
    const { chance, instances, subscription, wait } = this.#options;
    while (!this.isDone) {
      subscription.connections++;
      await this.#connection(chance.one(instances.running).url);
      await wait(chance.between(0, 50));
    }
  }

  /** Ends when the connection does, or when this client has had enough of it. */
  async #connection(url: string): Promise<void> {
    const { chance, wait } = this.#options;
    const abort = new AbortController();
    void wait(chance.between(200, 4_000)).then(() => abort.abort());
    const headers = {
      Accept: 'text/event-stream',
      ...(this.position > 0 && { 'Last-Event-ID': String(this.position) }),
    };
    let rest = '';
    try {
      const answer = await fetch(`${url}/-/events`, { headers, signal: abort.signal });
      if (answer.status !== 200 || answer.body === null) {
        await answer.text();
        return;
      }
      for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
        const messages = (rest + text).split('\n\n');
        rest = messages.pop() ?? '';
        for (const message of messages) this.#take(message);
      }
    } catch (error) {
      if (error instanceof Violation) throw error;
    }
  }

  #take(message: string): void {
    const data = /^data: (.+)$/m.exec(message)?.[1];
    if (data === undefined || /^event: /m.test(message)) return;
    const { position, type } = JSON.parse(data) as RecordedEvent;
    const id = Number(/^id: (\d+)$/m.exec(message)?.[1]);
    const { names } = this.#options.subscription;
    if (position !== this.position + 1 || id !== position) {
      throw new Violation(`a subscriber was sent position ${position} with id ${id} behind ${this.position}`);
    }
    names.push(type);
  }
}
