/** Consumer records in their plainest form: a map, and one count that gives every record its revision. */
import {
  type ConsumerChange,
  type ConsumerRecord,
  type ConsumerStore,
  type ConsumerWritten,
  compareUtf8,
} from '@event-store/core';

export class MemoryConsumers implements ConsumerStore {
  readonly #records = new Map<string, ConsumerRecord>();
  #revision = 0;

  async read(name: string): Promise<ConsumerRecord | undefined> {
    return this.#records.get(name);
  }

  async write({ name, expectedRevision, state }: ConsumerChange): Promise<ConsumerWritten> {
    const current = this.#records.get(name);
    if ((current?.revision ?? 0) !== expectedRevision) return { outcome: 'conflict', current };
    if (state === undefined) this.#records.delete(name);
    else this.#records.set(name, { name, revision: ++this.#revision, state });
    return { outcome: 'written' };
  }

  async list({ after, limit }: { after: string; limit: number }): Promise<readonly ConsumerRecord[]> {
    return [...this.#records.values()]
      .filter(({ name }) => compareUtf8(name, after) > 0)
      .sort((a, b) => compareUtf8(a.name, b.name))
      .slice(0, limit);
  }
}
