/**
 * What a reader may not see yet: items of a transaction that was not answered, some of them even
 * from consistent reads, and young items from reads that are not consistent.
 */
import type { Attributes, WriteRequest } from './write-units.ts';

const youngMs = 60;

export class HiddenItems {
  readonly #chance: () => number;
  readonly #visibleMs = new Map<string, number>();
  readonly #storedMs = new Map<string, number>();

  constructor(chance: () => number) {
    this.#chance = chance;
  }

  /**
   * The items of a transaction become visible one by one, the last of them when it is answered.
   * Called before it is sent; gives what is to be called when it failed.
   */
  hide({ TransactItems = [] }: WriteRequest, answerAfterMs: number): () => void {
    const keys = TransactItems.flatMap(({ Put }) => (Put === undefined ? [] : [keyOf(Put.Item)]));
    const fresh = keys.filter((key) => !this.#storedMs.has(key) && !this.#visibleMs.has(key));
    for (const key of fresh) this.#visibleMs.set(key, performance.now() + this.#chance() * answerAfterMs);
    return () => {
      for (const key of fresh) this.#visibleMs.delete(key);
    };
  }

  stored({ Item, TransactItems = [] }: WriteRequest): void {
    const items = [Item, ...TransactItems.map(({ Put }) => Put?.Item)];
    const nowMs = performance.now();
    for (const item of items) {
      if (item !== undefined && !this.#storedMs.has(keyOf(item))) this.#storedMs.set(keyOf(item), nowMs);
    }
  }

  isHidden(item: Attributes, consistency: 'strong' | 'eventual' = 'strong'): boolean {
    const key = keyOf(item);
    const visibleMs = this.#visibleMs.get(key);
    if (visibleMs !== undefined) {
      if (visibleMs > performance.now()) return true;
      this.#visibleMs.delete(key);
    }
    if (consistency === 'strong') return false;
    return performance.now() - (this.#storedMs.get(key) ?? Number.NEGATIVE_INFINITY) < youngMs;
  }
}

function keyOf(item: Attributes): string {
  return `${item['Entity ID']?.S} ${item.Version?.N}`;
}
