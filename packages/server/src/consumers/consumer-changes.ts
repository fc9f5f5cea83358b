/**
 * Changes to consumers' records, by compare and set. Changes of one consumer that arrive while it
 * is written are made as one, so that many readers who share a consumer do not take turns.
 */
import { type ConsumerName, type ConsumerRecord, type ConsumerStore, EventStoreError } from '@event-store/core';
import { type ConsumerState, decodeConsumer, encodeConsumer } from './consumer-state.ts';

/** From what is there to what is to be there, either of which may be nothing; throws what refuses it. */
export type ConsumerChange = (state: ConsumerState | undefined) => ConsumerState | undefined;

interface QueuedChange {
  readonly change: ConsumerChange;
  readonly result: PromiseWithResolvers<ConsumerState | undefined>;
}

/** So often another instance may be the quicker one. */
const triesMax = 100;

export class ConsumerChanges {
  readonly #queues = new Map<ConsumerName, QueuedChange[]>();

  /** Makes a change; fulfils with what is durable then. May call `change` several times. */
  make(consumers: ConsumerStore, name: ConsumerName, change: ConsumerChange): Promise<ConsumerState | undefined> {
    const result = Promise.withResolvers<ConsumerState | undefined>();
    const queue = this.#queues.get(name);
    if (queue !== undefined) queue.push({ change, result });
    else void this.#run(consumers, name, [{ change, result }]);
    return result.promise;
  }

  async #run(consumers: ConsumerStore, name: ConsumerName, queue: QueuedChange[]): Promise<void> {
    this.#queues.set(name, queue);
    while (queue.length > 0) {
      const changes = queue.splice(0);
      try {
        await store(consumers, name, changes);
      } catch (error) {
        for (const { result } of changes) result.reject(error);
      }
    }
    this.#queues.delete(name);
  }
}

/** Makes changes one after the other, and what comes of them durable in one step. */
async function store(consumers: ConsumerStore, name: ConsumerName, changes: readonly QueuedChange[]): Promise<void> {
  let record = await consumers.read(name);
  for (let tries = 0; tries < triesMax; tries++) {
    const { state, settle } = applied(changes, record);
    const text = state && encodeConsumer(state);
    if (text === record?.state) return settle();
    const written = await consumers.write({ name, expectedRevision: record?.revision ?? 0, state: text });
    if (written.outcome === 'written') return settle();
    record = written.current;
  }
  throw new EventStoreError('overloaded', 'Others change the consumer all the time; try again.');
}

/** What becomes of a record; changes that are refused change nothing. */
function applied(changes: readonly QueuedChange[], record: ConsumerRecord | undefined) {
  let state = record && decodeConsumer(record.state);
  const outcomes = changes.map(({ change, result }) => {
    try {
      state = change(state);
      const then = state;
      return () => result.resolve(then);
    } catch (error) {
      return () => result.reject(error);
    }
  });
  const settle = () => {
    for (const outcome of outcomes) outcome();
  };
  return { state, settle };
}
