/**
 * Reading items for certain: queries are repeated until they are answered, pages are followed to
 * the end, and what is known to be committed is awaited.
 */
import { EventStoreError } from '@event-store/core';
import {
  type Item,
  integer,
  partitionKey,
  QueryFailure,
  type QueryPage,
  sortKey,
  type TableQuery,
  text,
} from './table.ts';
import { Backoff, type World } from './world.ts';

export const queryBackoff = { firstMs: 10, limitMs: 500 };

/** How long a reader is kept waiting for a table that does not answer, or for an item that is known to exist. */
export const patienceMs = 10_000;

/** @throws EventStoreError `engine-unavailable`. */
async function queryPage(world: World, query: TableQuery): Promise<QueryPage> {
  const backoff = new Backoff(world, queryBackoff);
  const startMs = world.clock.monotonicMs();
  for (;;) {
    try {
      return await world.table.query(query);
    } catch (failure) {
      if (!(failure instanceof QueryFailure)) throw failure;
      if (failure.kind !== 'again' || world.clock.monotonicMs() - startMs > patienceMs) throw unavailable(failure);
    }
    await backoff.wait();
  }
}

/** All items of a query, page by page: a page may be empty and not the last. */
export async function* queryItems(world: World, query: TableQuery): AsyncGenerator<readonly Item[]> {
  let remaining = query.limit;
  let after = query.after;
  do {
    const page = await queryPage(world, {
      ...query,
      ...(remaining !== undefined && { limit: remaining }),
      ...(after !== undefined && { after }),
    });
    if (page.items.length > 0) yield page.items;
    if (remaining !== undefined) remaining -= page.items.length;
    after = page.next;
  } while (after !== undefined && remaining !== 0);
}

export async function readAll(world: World, query: TableQuery): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const page of queryItems(world, query)) items.push(...page);
  return items;
}

/** The item with the highest sort key of a partition. */
export async function readLast(world: World, partition: string): Promise<Item | undefined> {
  const [item] = await readAll(world, { partition, direction: 'backward', limit: 1, consistency: 'strong' });
  return item;
}

export async function readItem(world: World, key: { partition: string; sort: number }): Promise<Item | undefined> {
  const { partition, sort } = key;
  const [item] = await readAll(world, {
    partition,
    from: sort,
    through: sort,
    direction: 'forward',
    consistency: 'strong',
  });
  return item;
}

/** Returns when all these items, which are known to be committed, can be read. */
export async function awaitItems(world: World, items: readonly Item[]): Promise<void> {
  for (const item of items) {
    const key = { partition: text(item, partitionKey), sort: integer(item, sortKey) };
    await until(world, { what: `${key.partition} ${key.sort}`, read: () => readItem(world, key) });
  }
}

/**
 * Repeats `read` until it gives something: for what is known to be committed, and so can only be
 * late, never missing.
 *
 * @throws EventStoreError `event-corrupt` when it does not appear.
 */
export async function until<Result>(
  world: World,
  { what, read }: { what: string; read: () => Promise<Result | undefined> },
): Promise<Result> {
  const backoff = new Backoff(world, queryBackoff);
  const startMs = world.clock.monotonicMs();
  for (;;) {
    const result = await read();
    if (result !== undefined) return result;
    if (world.clock.monotonicMs() - startMs > patienceMs) {
      throw new EventStoreError('event-corrupt', `${what} must be in the table, but is not.`);
    }
    await backoff.wait();
  }
}

function unavailable(failure: QueryFailure): EventStoreError {
  return new EventStoreError('engine-unavailable', `DynamoDB does not answer the query (${failure.message}).`, {
    cause: failure.cause,
  });
}
