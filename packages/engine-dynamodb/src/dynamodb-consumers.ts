/**
 * The records of durable consumers, one item each, replaced by conditional puts: whoever read an
 * older revision cannot overwrite a newer one, however late the write lands.
 */
import {
  type ConsumerChange,
  type ConsumerName,
  type ConsumerRecord,
  type ConsumerStore,
  type ConsumerWritten,
  compareUtf8,
  EventStoreError,
} from '@event-store/core';
import { Attempts, writeBackoff } from './definite-put.ts';
import {
  consumerItemKey,
  consumersPartition,
  decodeConsumerItem,
  encodeConsumerItem,
  firstSlotOf,
} from './items/consumer-item.ts';
import { patienceMs, readAll, readItem } from './read-items.ts';
import { type Item, integer, text } from './table.ts';
import { Backoff, type World } from './world.ts';

export class DynamodbConsumers implements ConsumerStore {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async read(name: ConsumerName): Promise<ConsumerRecord | undefined> {
    for (let slot = firstSlotOf(name); ; slot++) {
      const item = await readItem(this.#world, { partition: consumersPartition, sort: slot });
      if (item === undefined) return undefined;
      if (consumerItemKey(item).name === name) return decodeConsumerItem(item);
    }
  }

  async write({ name, expectedRevision, state }: ConsumerChange): Promise<ConsumerWritten> {
    let slot = firstSlotOf(name);
    let replaced = expectedRevision;
    for (;;) {
      const nonce = this.#world.random.nonce();
      const item = encodeConsumerItem(slot, { name, revision: replaced + 1, state, nonce });
      const inTheWay = await this.#put(item, replaced);
      if (inTheWay === 'nothing') return { outcome: 'conflict', current: undefined };
      if (inTheWay === undefined) return { outcome: 'written' };
      const found = consumerItemKey(inTheWay);
      const current = decodeConsumerItem(inTheWay);
      const isFree = expectedRevision === 0 && current === undefined;
      // Two names can have one slot; then the second one's is behind the first one's.
      if (found.name !== name) slot++;
      else if (isFree && found.revision !== replaced) replaced = found.revision;
      else return { outcome: 'conflict', current };
    }
  }

  async list({ after, limit }: { after: string; limit: number }): Promise<readonly ConsumerRecord[]> {
    const query = { partition: consumersPartition, direction: 'forward', consistency: 'strong' } as const;
    return (await readAll(this.#world, query))
      .map(decodeConsumerItem)
      .filter((record) => record !== undefined)
      .filter(({ name }) => compareUtf8(name, after) > 0)
      .sort((a, b) => compareUtf8(a.name, b.name))
      .slice(0, limit);
  }

  /**
   * Puts an item over the revision that is expected, 0 for none, and repeats the same until the
   * outcome is certain.
   *
   * @returns `undefined` when it is stored; otherwise the item in the way, or that there is none.
   */
  async #put(item: Item, replaced: number): Promise<Item | 'nothing' | undefined> {
    const { table, clock } = this.#world;
    const backoff = new Backoff(this.#world, writeBackoff);
    const attempts = new Attempts();
    const startMs = clock.monotonicMs();
    for (;;) {
      const attempt = await (replaced === 0 ? table.put(item) : table.replace(item, replaced));
      if (attempt.outcome === 'applied') return undefined;
      if (attempt.outcome === 'absent') return 'nothing';
      if (attempt.outcome === 'taken') {
        const { item: inTheWay } = attempt;
        if (inTheWay.nonce === text(item, 'nonce')) return undefined;
        const isOfAnother = inTheWay.name !== item.name;
        // An own attempt may have been stored, and replaced since by one with a later revision.
        const isLater = integer(inTheWay, 'revision') > integer(item, 'revision');
        if (!attempts.areDefinite && !isOfAnother && isLater) throw outcomeUnknown();
        return inTheWay;
      }
      attempts.note(attempt);
      if (clock.monotonicMs() - startMs > patienceMs) throw attempts.areDefinite ? takesNoWrites() : outcomeUnknown();
      await backoff.wait();
    }
  }
}

function outcomeUnknown(): EventStoreError {
  return new EventStoreError(
    'outcome-unknown',
    'DynamoDB has not said whether the consumer was stored. Read it again.',
  );
}

function takesNoWrites(): EventStoreError {
  return new EventStoreError('overloaded', 'DynamoDB takes no writes now. Try again later.', {
    details: { retryAfterSeconds: 1 },
  });
}
