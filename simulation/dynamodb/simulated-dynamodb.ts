/**
 * DynamoDB as the engine must expect it: conditional puts on one item; transactions in two phases
 * whose items become visible one by one, whose tokens are forgotten and whose cancellations need
 * not say why; strong queries that see what is visible, eventual ones that lag behind.
 */
import {
  type Item,
  keyOf,
  type PutAttempt,
  partitionKey,
  type QueryPage,
  type ReplaceAttempt,
  sortKey,
  type TableQuery,
  type TransactionAttempt,
} from '../../packages/engine-dynamodb/src/table.ts';
import type { Chance } from './chance.ts';
import type { VirtualTime } from './virtual-time.ts';

interface Stored {
  /** Only what durable consumers keep is ever replaced. */
  item: Item;
  /** Whether it can be read; until then its key belongs to a transaction. */
  isVisible: boolean;
  /** When reads that are not consistent see it. */
  eventualMs: number;
}

type TokenState = 'in-progress' | 'applied';

export class SimulatedDynamodb {
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #items = new Map<string, Stored>();
  readonly #partitions = new Map<string, Stored[]>();
  readonly #tokens = new Map<string, TokenState>();
  /** Every item in the order in which it was committed, for the checks. */
  readonly committed: { readonly item: Item; readonly atMs: number }[] = [];
  /** Whether things go wrong; healed at the end of a run. */
  isFaulty = true;

  constructor(time: VirtualTime, chance: Chance) {
    this.#time = time;
    this.#chance = chance;
  }

  put(item: Item): PutAttempt {
    const stored = this.#items.get(keyOf(item));
    if (stored === undefined) {
      this.#store(item, { isVisible: true });
      return { outcome: 'applied' };
    }
    return stored.isVisible ? { outcome: 'taken', item: stored.item } : { outcome: 'not-applied' };
  }

  replace(item: Item, revision: number): ReplaceAttempt {
    const stored = this.#items.get(keyOf(item));
    if (stored === undefined) return { outcome: 'absent' };
    if (stored.item.name !== item.name || stored.item.revision !== revision) {
      return { outcome: 'taken', item: stored.item };
    }
    stored.item = item;
    return { outcome: 'applied' };
  }

  /** Answers when the transaction is over, which may be long after others have seen some of it. */
  async transactPut(items: readonly Item[], token: string): Promise<TransactionAttempt> {
    const state = this.#tokens.get(token);
    if (state === 'applied') return { outcome: 'applied' };
    if (state === 'in-progress' && !this.#goesWrong(0.4)) return { outcome: 'unknown' };
    const obstacles = items.map((item) => this.#items.get(keyOf(item)));
    if (obstacles.some((obstacle) => obstacle !== undefined) || this.#goesWrong(0.02)) {
      return { outcome: 'cancelled', inTheWay: obstacles.map((obstacle) => this.#reason(obstacle)) };
    }
    this.#tokens.set(token, 'in-progress');
    const stored = items.map((item) => this.#store(item, { isVisible: false }));
    await Promise.all(
      stored.map(async (each) => {
        await this.#time.wait(this.#delay());
        each.isVisible = true;
        each.eventualMs = this.#time.monotonicMs() + this.#delay();
      }),
    );
    this.#tokens.set(token, 'applied');
    this.#time.after(this.#chance.between(0, 400), () => void this.#tokens.delete(token));
    return { outcome: 'applied' };
  }

  /** Pages are short and may be empty without being the last. */
  query(query: TableQuery): QueryPage {
    const { partition, from = 0, through = Number.POSITIVE_INFINITY, direction, after, consistency } = query;
    const nowMs = this.#time.monotonicMs();
    const found = (this.#partitions.get(partition) ?? [])
      .filter(({ isVisible, eventualMs }) => isVisible && (consistency === 'strong' || eventualMs <= nowMs))
      .map(({ item }) => item)
      .filter((item) => sortOf(item) >= from && sortOf(item) <= through)
      .sort((a, b) => (direction === 'forward' ? sortOf(a) - sortOf(b) : sortOf(b) - sortOf(a)))
      .filter((item) => after === undefined || (direction === 'forward' ? sortOf(item) > after : sortOf(item) < after));
    const cut = Math.min(query.limit ?? Number.POSITIVE_INFINITY, this.#chance.integer(1, 12));
    const items = found.slice(0, cut);
    const last = items.at(-1);
    const next = found.length > items.length && last !== undefined ? sortOf(last) : undefined;
    return { items, next };
  }

  /** All items that are committed, in key order. */
  all(): readonly Item[] {
    return this.committed.map(({ item }) => item);
  }

  #store(item: Item, { isVisible }: { isVisible: boolean }): Stored {
    const nowMs = this.#time.monotonicMs();
    const stored = { item, isVisible, eventualMs: isVisible ? nowMs + this.#delay() : Number.POSITIVE_INFINITY };
    const partition = String(item[partitionKey]);
    this.#items.set(keyOf(item), stored);
    this.#partitions.set(partition, [...(this.#partitions.get(partition) ?? []), stored]);
    this.committed.push({ item, atMs: nowMs });
    return stored;
  }

  #reason(obstacle: Stored | undefined): Item | 'unsaid' | undefined {
    if (obstacle === undefined || !obstacle.isVisible || this.#goesWrong(0.3)) return undefined;
    return this.#goesWrong(0.1) ? 'unsaid' : obstacle.item;
  }

  #delay(): number {
    if (this.#goesWrong(0.03)) return this.#chance.between(100, 600);
    return this.#goesWrong(0.2) ? this.#chance.between(0, 120) : this.#chance.between(0, 4);
  }

  #goesWrong(probability: number): boolean {
    return this.isFaulty && this.#chance.happens(probability);
  }
}

function sortOf(item: Item): number {
  return Number(item[sortKey]);
}
