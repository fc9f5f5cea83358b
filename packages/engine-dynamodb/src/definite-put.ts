import { EventStoreError } from '@event-store/core';
import { type Item, type PutAttempt, text } from './table.ts';
import { Backoff, type World } from './world.ts';

/** How often a write is tried that nothing is known about: for ever, but ever more slowly. */
export const writeBackoff = { firstMs: 20, limitMs: 2_000 };

/**
 * Puts one item if its key is free and repeats the same until the outcome is certain. The nonce
 * tells an own earlier attempt that was thought lost from somebody else's item.
 *
 * @returns `undefined` when this item is stored; otherwise the item that has its key.
 * @throws EventStoreError when it was refused and no attempt can have been stored.
 */
export async function definitePut(world: World, item: Item): Promise<Item | undefined> {
  const backoff = new Backoff(world, writeBackoff);
  const attempts = new Attempts();
  for (;;) {
    const attempt = await world.table.put(item);
    if (attempt.outcome === 'applied') return undefined;
    if (attempt.outcome === 'taken') return attempt.item.nonce === text(item, 'nonce') ? undefined : attempt.item;
    attempts.note(attempt);
    await backoff.wait();
  }
}

/** Remembers whether an attempt may have been stored: only while none may, a refusal is the end. */
export class Attempts {
  #unknown = false;

  /** Whether every attempt so far was certainly not stored. */
  get areDefinite(): boolean {
    return !this.#unknown;
  }

  /** @throws EventStoreError when the write was refused and nothing of it can be stored. */
  note(attempt: Exclude<PutAttempt, { outcome: 'applied' | 'taken' }>): void {
    if (attempt.outcome === 'unknown') this.#unknown = true;
    if (attempt.outcome === 'invalid' || (attempt.outcome === 'denied' && !this.#unknown)) {
      throw writeRefused(attempt.cause);
    }
  }
}

export function writeRefused(cause: unknown): EventStoreError {
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new EventStoreError('engine-unavailable', `DynamoDB refused the write (${reason}).`, { cause });
}
