/**
 * I9: strict serializability in one sweep. The order of writing is known, so each operation has an
 * interval of places in that order where it can have happened: an append at its own place, a read
 * between the last event that it saw and the first that it did not see. All fit into one order
 * that agrees with real time if and only if nothing that returned before another was invoked has
 * to stand behind where that other must stand.
 *
 *     rank of the append that ends at position q: 2q; between two appends there is room for reads
 */
import type { Finding } from './finding.ts';
import type { AppendCall, Call, Connection, FeedRead, History, StreamRead } from './history.ts';
import type { FeedEvent, Request, StoredState } from './stored-state.ts';

interface Interval {
  readonly lowest: number;
  readonly highest: number;
  readonly invokedMs: number;
  readonly returnedMs: number;
  readonly what: string;
}

/** What one order is claimed of: everything, or each stream for itself. */
export type OrderScope = 'store' | 'stream';

export function* checkOrder(history: History, state: StoredState, scope: OrderScope): Generator<Finding> {
  for (const intervals of new Intervals(state, scope).of(history)) {
    for (const [before, after] of sweep(intervals)) {
      yield { invariant: 'I9', message: `${after.what} does not know of ${before.what}, which had returned` };
    }
  }
}

/** Pairs that contradict real time: `before` returned, and must stand behind where `after` can stand. */
function* sweep(intervals: readonly Interval[]): Generator<readonly [before: Interval, after: Interval]> {
  const byReturn = intervals.toSorted((one, other) => one.returnedMs - other.returnedMs);
  let returned = 0;
  let highest: Interval | undefined;
  for (const after of intervals.toSorted((one, other) => one.invokedMs - other.invokedMs)) {
    for (let next = byReturn[returned]; next && next.returnedMs < after.invokedMs; next = byReturn[++returned]) {
      if (highest === undefined || next.lowest > highest.lowest) highest = next;
    }
    if (highest !== undefined && highest.lowest > after.highest) yield [highest, after];
  }
}

class Intervals {
  readonly #state: StoredState;
  readonly #scope: OrderScope;
  readonly #groups = new Map<string, Interval[]>();

  constructor(state: StoredState, scope: OrderScope) {
    this.#state = state;
    this.#scope = scope;
  }

  of(history: History): Iterable<readonly Interval[]> {
    for (const request of this.#state.requests.values()) this.#addRequest(request);
    for (const each of history) {
      if (each.kind === 'stream-read') this.#addStreamRead(each);
      if (this.#scope === 'store' && each.kind === 'feed-read') this.#addFeedRead(each);
      if (this.#scope === 'store' && each.kind === 'connection') this.#addConnection(each);
    }
    return this.#groups.values();
  }

  #add(streamId: string, interval: Interval): void {
    const group = this.#scope === 'store' ? '' : streamId;
    const intervals = this.#groups.get(group);
    if (intervals === undefined) this.#groups.set(group, [interval]);
    else intervals.push(interval);
  }

  /** The rank of the append that an event belongs to. */
  #rank(event: FeedEvent): number {
    const { position, version } = this.#state.endOf(event);
    return 2 * (this.#scope === 'store' ? position : version);
  }

  /**
   * A request that was answered as new happened in that call. One that is stored without such an
   * answer happened at some time from its first unanswered call on, for all that is known.
   */
  #addRequest({ number, calls, stored }: Request): void {
    const last = stored.at(-1) as FeedEvent | undefined;
    const rank = last && this.#rank(last);
    const what = `request ${number}`;
    for (const call of calls) {
      const { answer, streamId } = call;
      if (answer.outcome === 'conflict') this.#addHead(call, streamId, answer.currentVersion);
      if (answer.outcome !== 'ok' || rank === undefined) continue;
      const place = answer.isReplay ? { lowest: rank + 1, highest: Number.POSITIVE_INFINITY } : at(rank);
      this.#add(streamId, { ...timesOf(call), ...place, what });
    }
    const unknown = calls.filter(({ answer }) => answer.outcome === 'unknown');
    const [first] = unknown;
    const isKnown = calls.some(({ answer }) => answer.outcome === 'ok' && !answer.isReplay);
    if (first === undefined || rank === undefined || isKnown) return;
    const invokedMs = Math.min(...unknown.map((call) => call.invokedMs));
    this.#add(first.streamId, { ...at(rank), invokedMs, returnedMs: Number.POSITIVE_INFINITY, what });
  }

  /** Somebody was told a stream's version. */
  #addHead(call: StreamRead | AppendCall, streamId: string, version: number): void {
    const last = this.#state.at(streamId, version);
    const next = this.#state.at(streamId, version + 1);
    if (version > 0 && last === undefined) return;
    this.#add(streamId, {
      ...timesOf(call),
      lowest: last === undefined ? Number.NEGATIVE_INFINITY : this.#rank(last) + 1,
      highest: next === undefined ? Number.POSITIVE_INFINITY : this.#rank(next) - 1,
      what: `${call.client}, told that ${streamId} is at ${version},`,
    });
  }

  #addStreamRead(read: StreamRead): void {
    const { streamId, head, saw, from = 1, isForward, isToEnd } = read;
    if (head !== undefined) this.#addHead(read, streamId, head);
    const newest = isForward ? saw.at(-1) : saw[0];
    if (newest === undefined) {
      if (isForward) this.#addNotSeen(read, streamId, from);
    } else if (isToEnd && isForward) this.#addHead(read, streamId, newest.version);
    else this.#addSeen(read, newest.streamId, newest.version);
  }

  /** Somebody looked for a version, and it was not there. */
  #addNotSeen(call: Call, streamId: string, version: number): void {
    const next = this.#state.at(streamId, version);
    if (next === undefined) return;
    const place = { lowest: Number.NEGATIVE_INFINITY, highest: this.#rank(next) - 1 };
    this.#add(streamId, { ...timesOf(call), ...place, what: `${call.client}, who saw no ${streamId} ${version},` });
  }

  /** Somebody saw an event, so all of its append and everything before is there. */
  #addSeen(call: Call, streamId: string, version: number, returnedMs = call.returnedMs): void {
    const event = this.#state.at(streamId, version);
    if (event === undefined) return;
    const place = { lowest: this.#rank(event) + 1, highest: Number.POSITIVE_INFINITY };
    const what = `${call.client}, who saw ${streamId} ${version},`;
    this.#add(streamId, { invokedMs: call.invokedMs, returnedMs, ...place, what });
  }

  #addFeedRead(read: FeedRead): void {
    const { saw, through, isAtEnd } = read;
    const last = saw.at(-1);
    if (last !== undefined) this.#addSeen(read, last.streamId, last.version);
    const next = this.#state.feed[through];
    if (!isAtEnd) return;
    const end = this.#state.feed[through - 1];
    this.#add('', {
      ...timesOf(read),
      lowest: end === undefined ? Number.NEGATIVE_INFINITY : this.#rank(end) + 1,
      highest: next === undefined ? Number.POSITIVE_INFINITY : this.#rank(next) - 1,
      what: `${read.client}, told that the feed ends with ${through},`,
    });
  }

  /** Of what came at the same moment, the last says the most. */
  #addConnection(connection: Connection): void {
    const { saw, sawMs } = connection;
    for (const [index, { streamId, version }] of saw.entries()) {
      if (sawMs[index] === sawMs[index + 1]) continue;
      this.#addSeen(connection, streamId, version, sawMs[index]);
    }
  }
}

function at(rank: number) {
  return { lowest: rank, highest: rank };
}

function timesOf({ invokedMs, returnedMs }: Call) {
  return { invokedMs, returnedMs };
}
