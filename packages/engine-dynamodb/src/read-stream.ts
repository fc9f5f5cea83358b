/**
 * The events of one stream. A query may show a part of a transaction, so versions are counted: a
 * hole before a version that was seen, or a batch without its end, is committed and is awaited.
 */
import { type Batch, EventStoreError, type ReadStreamRequest } from '@event-store/core';
import { eventItemLine, provenVersion } from './items/event-item.ts';
import { LineBatches } from './line-batches.ts';
import { patienceMs, queryBackoff, queryItems, readLast } from './read-items.ts';
import { type Item, integer, sortKey, type TableQuery } from './table.ts';
import { Backoff, type World } from './world.ts';

/** So many events that are known to be there are worth a query of their own, which costs half as much. */
const eventualEventsMin = 100;

/** `knownVersion` is a version that is certainly there, and so are all before it. */
export async function* readStream(world: World, request: ReadStreamRequest, knownVersion = 0): AsyncGenerator<Batch> {
  const batches = new LineBatches();
  for await (const items of cheapItems(world, request, knownVersion)) {
    for (const item of items) {
      const full = batches.add({ line: eventItemLine(item), passes: true, place: integer(item, sortKey) });
      if (full !== undefined) yield full;
    }
  }
  const rest = batches.take();
  if (rest !== undefined) yield rest;
}

/** What is known to be there needs no consistent query: what such a one does not show is looked for again. */
async function* cheapItems(
  world: World,
  request: ReadStreamRequest,
  knownVersion: number,
): AsyncGenerator<readonly Item[]> {
  const { from, limit = Number.POSITIVE_INFINITY, direction } = request;
  const newest = direction === 'forward' ? from + limit - 1 : from;
  if (newest <= knownVersion) {
    yield* streamItems(world, { ...request, consistency: 'eventual', committedVersion: newest });
    return;
  }
  const known = knownVersion - from + 1;
  if (direction === 'backward' || known < eventualEventsMin) {
    yield* streamItems(world, request);
    return;
  }
  yield* streamItems(world, { ...request, limit: known, consistency: 'eventual', committedVersion: knownVersion });
  yield* streamItems(world, {
    ...request,
    from: knownVersion + 1,
    ...(Number.isFinite(limit) && { limit: limit - known }),
  });
}

export interface Versions {
  readonly streamId: string;
  readonly from: number;
  readonly through: number;
  readonly consistency?: TableQuery['consistency'];
}

/** The events at these versions, all of which are known to be committed. */
export async function readVersions(world: World, versions: Versions): Promise<readonly Item[]> {
  const { streamId, from, through, consistency = 'strong' } = versions;
  const found: Item[] = [];
  const request = { streamId, from, limit: through - from + 1, direction: 'forward', consistency } as const;
  for await (const items of streamItems(world, { ...request, committedVersion: through })) found.push(...items);
  return found;
}

interface StreamItemsRequest extends Omit<ReadStreamRequest, 'streamId'> {
  readonly streamId: string;
  readonly consistency?: TableQuery['consistency'];
  /** A version that is known to be committed: the read goes on until it was seen. */
  readonly committedVersion?: number;
}

export async function* streamItems(world: World, request: StreamItemsRequest): AsyncGenerator<readonly Item[]> {
  const cursor = new StreamCursor(request);
  let backoff = new Backoff(world, queryBackoff);
  let startMs = world.clock.monotonicMs();
  let consistency = request.consistency ?? 'strong';
  for (;;) {
    for await (const items of queryItems(world, { ...cursor.query(), consistency })) {
      const run = cursor.take(items);
      if (run.length > 0) {
        yield run;
        backoff = new Backoff(world, queryBackoff);
        startMs = world.clock.monotonicMs();
      }
      if (run.length < items.length) break;
    }
    if (cursor.mayBeginInsideAppend()) cursor.prove(await readLast(world, request.streamId));
    if (cursor.isDone()) return;
    if (world.clock.monotonicMs() - startMs > patienceMs) throw missing(request.streamId, cursor.next);
    if (consistency === 'strong') await backoff.wait();
    consistency = 'strong';
  }
}

function missing(streamId: string, version: number): EventStoreError {
  return new EventStoreError('event-corrupt', 'An event is not in the table, although events behind it are.', {
    details: { streamId, version },
  });
}

/** Where a read of a stream is, and how far it has to go: to the end of what is proven to be committed. */
class StreamCursor {
  readonly #request: StreamItemsRequest;
  #remaining: number;
  #provenVersion: number;
  #sawAny = false;
  next: number;

  constructor(request: StreamItemsRequest) {
    this.#request = request;
    this.#remaining = request.limit ?? Number.POSITIVE_INFINITY;
    this.#provenVersion = request.committedVersion ?? 0;
    this.next = request.from;
  }

  query(): Omit<TableQuery, 'consistency'> {
    const { streamId, direction } = this.#request;
    return {
      partition: streamId,
      direction,
      ...(direction === 'forward' ? { from: this.next } : { through: this.next }),
      ...(Number.isFinite(this.#remaining) && { limit: this.#remaining }),
    };
  }

  /** The part of these items that continues what was taken before, without a hole. */
  take(items: readonly Item[]): readonly Item[] {
    const forward = this.#request.direction === 'forward';
    const first = items[0];
    if (first !== undefined && !this.#sawAny) {
      this.#sawAny = true;
      if (!forward) this.next = Math.min(this.next, Math.max(this.#provenVersion, provenVersion(first)));
    }
    let count = 0;
    for (const item of items) {
      this.#provenVersion = Math.max(this.#provenVersion, provenVersion(item));
      if (count === this.#remaining || integer(item, sortKey) !== this.next) break;
      count++;
      this.next += forward ? 1 : -1;
    }
    this.#remaining -= count;
    return items.slice(0, count);
  }

  /** Nothing was there: the events from here on may still belong to an append of which only the beginning shows. */
  mayBeginInsideAppend(): boolean {
    const { direction, from } = this.#request;
    return direction === 'forward' && from > 1 && !this.#sawAny && this.#provenVersion === 0;
  }

  /** The newest event that shows proves the end of its append. */
  prove(newest: Item | undefined): void {
    if (newest !== undefined) this.#provenVersion = provenVersion(newest);
  }

  isDone(): boolean {
    if (this.#remaining <= 0) return true;
    if (this.#request.direction === 'forward') return this.next > this.#provenVersion;
    return this.#provenVersion === 0 || this.next < 1;
  }
}
