/**
 * Puts several items, all or none, and repeats the same until the outcome is certain. All items
 * carry one nonce, which is also the request's token: a token is forgotten after minutes, a nonce
 * never.
 */
import { Attempts, writeBackoff } from './definite-put.ts';
import { awaitItems, readItem } from './read-items.ts';
import { type Item, integer, partitionKey, sortKey, type TransactionAttempt, text } from './table.ts';
import { Backoff, type World } from './world.ts';

export type TransactionOutcome =
  /** Stored, and readable by everybody. */
  | { readonly outcome: 'won' }
  /** Never to be stored: these items of others have some of its keys, by index of the item in the way. */
  | { readonly outcome: 'lost'; readonly inTheWay: ReadonlyMap<number, Item> }
  /** Not stored: the request is wrong in itself. */
  | { readonly outcome: 'invalid'; readonly cause: unknown };

export interface DefiniteTransaction {
  readonly items: readonly Item[];
  readonly nonce: string;
  /** Called once, when an attempt was made of which nobody knows the outcome. */
  readonly onUnknown?: () => void;
}

/** @throws EventStoreError when it was refused and no attempt can have been stored. */
export async function definiteTransaction(world: World, request: DefiniteTransaction): Promise<TransactionOutcome> {
  const { items, nonce } = request;
  const backoff = new Backoff(world, writeBackoff);
  const attempts = new Attempts();
  for (;;) {
    const attempt = await world.table.transactPut(items, nonce);
    if (attempt.outcome === 'applied') return { outcome: 'won' };
    if (attempt.outcome === 'invalid') return { outcome: 'invalid', cause: attempt.cause };
    if (attempt.outcome === 'cancelled') {
      const inTheWay = await itemsInTheWay(world, items, attempt);
      const nonces = [...inTheWay.values()].map((item) => item.nonce);
      if (nonces.includes(nonce)) {
        await awaitItems(world, items);
        return { outcome: 'won' };
      }
      if (nonces.length > 0) return { outcome: 'lost', inTheWay };
    } else {
      attempts.note(attempt);
      if (!attempts.areDefinite) request.onUnknown?.();
    }
    await backoff.wait();
  }
}

type Cancelled = Extract<TransactionAttempt, { outcome: 'cancelled' }>;

/** Reads what the answer left unsaid. A reason that is missing altogether proves nothing. */
async function itemsInTheWay(
  world: World,
  items: readonly Item[],
  { inTheWay }: Cancelled,
): Promise<Map<number, Item>> {
  const found = new Map<number, Item>();
  for (const [index, item] of items.entries()) {
    const said = inTheWay[index];
    const other =
      said === 'unsaid'
        ? await readItem(world, { partition: text(item, partitionKey), sort: integer(item, sortKey) })
        : said;
    if (other !== undefined) found.set(index, other);
  }
  return found;
}
