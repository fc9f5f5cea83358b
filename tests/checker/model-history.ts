/**
 * Histories of a store that is correct because it is one list: clients take turns at random, each
 * call happens at one instant between its invocation and its return, answers get lost, requests
 * are sent again, subscribers reconnect. One seed is one history.
 */
import type {
  AppendAnswer,
  AppendCall,
  Connection,
  FeedRead,
  HistoryRecord,
  SeenEvent,
  StreamRead,
} from '../../simulation/checker/history.ts';
import { type SeededRandom, seededRandom } from '../../simulation/seeded-random.ts';

export interface ModelOptions {
  readonly seed: number;
  /** How many steps are taken; a call takes about three. */
  readonly steps: number;
}

interface Sent {
  readonly request: number;
  readonly streamId: string;
  readonly expectedVersion?: number;
  readonly contents: readonly string[];
  readonly ids?: readonly string[];
}

/** A call under way: what happens at its instant, then what is recorded when it returns. */
interface Pending {
  readonly happen: () => (returnedMs: number) => void;
  returns?: (returnedMs: number) => void;
}

const streamIds = ['a', 'b/1', 'b/2'];
const types = ['x', 'y'];

export function modelHistory({ seed, steps }: ModelOptions): HistoryRecord[] {
  return new Model(seededRandom(seed)).run(steps);
}

class Model {
  readonly #random: SeededRandom;
  readonly #history: HistoryRecord[] = [];
  readonly #feed: Required<SeenEvent>[] = [];
  readonly #pending = new Map<string, Pending>();
  /** Requests to be sent again by the client that did not hear what became of them. */
  readonly #again = new Map<string, Sent>();
  readonly #subscribers: ModelSubscriber[];
  #nowMs = 0;
  #requests = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#subscribers = [
      new ModelSubscriber('subscriber 1', {}),
      new ModelSubscriber('subscriber 2', { filter: { types: ['x'] } }),
      new ModelSubscriber('subscriber 3', { filter: { streamPrefix: 'b/' } }),
      new ModelSubscriber('subscriber 4', { streamId: 'a' }),
    ];
  }

  run(steps: number): HistoryRecord[] {
    for (let step = 0; step < steps; step++) {
      this.#nowMs++;
      if (this.#random.isTrue(0.3)) this.#stepSubscriber();
      else this.#stepClient(`client ${this.#random.below(4)}`);
    }
    this.#nowMs++;
    for (const { returns } of this.#pending.values()) returns?.(this.#nowMs);
    this.#history.push({ kind: 'healed', atMs: this.#nowMs });
    for (const subscriber of this.#subscribers) this.#history.push(subscriber.finish(this.#feed, this.#nowMs));
    for (const moment of ['healed', 'restarted'] as const) {
      this.#history.push({ kind: 'stored', moment, events: [...this.#feed] });
      for (const streamId of streamIds) {
        this.#history.push({ kind: 'stored', moment, streamId, events: this.#stream(streamId) });
      }
    }
    return this.#history;
  }

  #stream(streamId: string): Required<SeenEvent>[] {
    return this.#feed.filter((event) => event.streamId === streamId);
  }

  #stepSubscriber(): void {
    const subscriber = this.#one(this.#subscribers);
    if (this.#random.isTrue(0.8)) subscriber.take(this.#feed, { nowMs: this.#nowMs, count: this.#random.below(4) });
    else this.#history.push(subscriber.reconnect(this.#nowMs));
  }

  #stepClient(client: string): void {
    const pending = this.#pending.get(client);
    if (pending === undefined) this.#pending.set(client, this.#invoke(client));
    else if (pending.returns === undefined) pending.returns = pending.happen();
    else {
      this.#pending.delete(client);
      pending.returns(this.#nowMs);
    }
  }

  #invoke(client: string): Pending {
    const again = this.#again.get(client);
    const invokedMs = this.#nowMs;
    if (again !== undefined) {
      this.#again.delete(client);
      return this.#append(client, again, invokedMs);
    }
    const kind = this.#random.below(6);
    if (kind < 3) return this.#append(client, this.#newRequest(), invokedMs);
    if (kind < 5) return this.#readStream(client, this.#one(streamIds), invokedMs);
    return this.#readFeed(client, invokedMs);
  }

  #newRequest(): Sent {
    const request = ++this.#requests;
    const streamId = this.#one(streamIds);
    const contents = Array.from({ length: 1 + this.#random.below(3) }, (_, index) => `${request}-${index}`);
    const nearby = Math.max(1, this.#stream(streamId).length + this.#random.below(4) - 1);
    return {
      request,
      streamId,
      contents,
      ...(this.#random.isTrue(0.5) && { expectedVersion: nearby }),
      ...(this.#random.isTrue(0.6) && { ids: contents }),
    };
  }

  #append(client: string, sent: Sent, invokedMs: number): Pending {
    const record = (returnedMs: number, answer: AppendAnswer) =>
      this.#history.push({ kind: 'append', client, invokedMs, returnedMs, ...sent, answer } satisfies AppendCall);
    const happen = () => {
      const isLost = this.#random.isTrue(0.2);
      const never = isLost && this.#random.isTrue(0.5);
      const answer: AppendAnswer = never ? { outcome: 'unknown', reason: 'lost' } : this.#store(sent);
      return (returnedMs: number) => {
        if (!isLost) return void record(returnedMs, answer);
        record(returnedMs, { outcome: 'unknown', reason: 'lost' });
        if (sent.ids !== undefined) this.#again.set(client, sent);
      };
    };
    return { happen };
  }

  #store({ streamId, expectedVersion, contents, ids }: Sent): AppendAnswer {
    const stream = this.#stream(streamId);
    const known = stream.find(({ content }) => ids?.[0] === content);
    if (known !== undefined) {
      const { version, position } = known;
      const more = contents.length - 1;
      return {
        outcome: 'ok',
        firstVersion: version,
        version: version + more,
        position: position + more,
        isReplay: true,
      };
    }
    const firstVersion = stream.length + 1;
    if (expectedVersion !== undefined && expectedVersion !== firstVersion) {
      return { outcome: 'conflict', currentVersion: stream.length };
    }
    if (this.#random.isTrue(0.05)) return { outcome: 'rejected', code: 'invalid-data' };
    for (const [index, content] of contents.entries()) {
      const time = String(Math.floor(this.#nowMs / 3)).padStart(9, '0');
      const place = { version: firstVersion + index, position: this.#feed.length + 1 };
      this.#feed.push({ streamId, ...place, type: this.#one(types), content, time });
    }
    const version = stream.length + contents.length;
    return { outcome: 'ok', firstVersion, version, position: this.#feed.length, isReplay: false };
  }

  #readStream(client: string, streamId: string, invokedMs: number): Pending {
    const happen = () => {
      const stream = this.#stream(streamId);
      const isForward = this.#random.isTrue(0.7);
      const from = isForward ? 1 + this.#random.below(stream.length + 2) : stream.length;
      const wanted = 1 + this.#random.below(10);
      const start = isForward ? from - 1 : Math.max(0, from - wanted);
      const part = stream.slice(start, isForward ? start + wanted : from);
      const saw = isForward ? part : part.toReversed();
      const isToEnd = isForward && part.length < wanted && from <= stream.length;
      const told = this.#random.isTrue(0.5) ? { head: stream.length } : {};
      return (returnedMs: number) => {
        const read = { kind: 'stream-read', client, invokedMs, returnedMs, streamId, ...told } as const;
        this.#history.push({ ...read, saw, from, isForward, isToEnd } satisfies StreamRead);
      };
    };
    return { happen };
  }

  #readFeed(client: string, invokedMs: number): Pending {
    const happen = () => {
      const after = this.#random.below(this.#feed.length + 1);
      const through = Math.min(this.#feed.length, after + 1 + this.#random.below(12));
      const filter = this.#random.isTrue(0.5) ? { filter: { types: ['y'] } } : {};
      const part = this.#feed.slice(after, through);
      const saw = part.filter(({ type }) => filter.filter === undefined || type === 'y');
      const isAtEnd = through === this.#feed.length;
      return (returnedMs: number) => {
        const read = { kind: 'feed-read', client, invokedMs, returnedMs, after, ...filter } as const;
        this.#history.push({ ...read, saw, through, isAtEnd } satisfies FeedRead);
      };
    };
    return { happen };
  }

  #one<Element>(elements: readonly Element[]): Element {
    return elements[this.#random.below(elements.length)] as Element;
  }
}

type What = Pick<Connection, 'streamId' | 'filter'>;

class ModelSubscriber {
  readonly #client: string;
  readonly #what: What;
  #invokedMs = 0;
  #after = 0;
  #through = 0;
  #saw: SeenEvent[] = [];
  #sawMs: number[] = [];
  #ends: Connection['ends'][number][] = [];

  constructor(client: string, what: What) {
    this.#client = client;
    this.#what = what;
  }

  take(feed: readonly Required<SeenEvent>[], { nowMs, count }: { nowMs: number; count: number }): void {
    const { streamId, filter } = this.#what;
    const cursorOf = ({ version, position }: Required<SeenEvent>) => (streamId === undefined ? position : version);
    const own = streamId === undefined ? feed : feed.filter((event) => event.streamId === streamId);
    const looked = own.slice(this.#through, this.#through + count);
    for (const event of looked) {
      const { types = ['x', 'y'], streamPrefix = '' } = filter ?? {};
      this.#through = cursorOf(event);
      if (!types.includes(event.type) || !event.streamId.startsWith(streamPrefix)) continue;
      this.#saw.push(event);
      this.#sawMs.push(nowMs);
    }
    if (this.#through === own.length) this.#ends.push({ cursor: this.#through, atMs: nowMs });
  }

  reconnect(nowMs: number): Connection {
    const connection = {
      kind: 'connection',
      client: this.#client,
      ...this.#what,
      invokedMs: this.#invokedMs,
      returnedMs: nowMs,
      after: this.#after,
      saw: this.#saw,
      sawMs: this.#sawMs,
      ends: this.#ends,
      through: this.#through,
    } as const;
    [this.#invokedMs, this.#after, this.#saw, this.#sawMs, this.#ends] = [nowMs, this.#through, [], [], []];
    return connection;
  }

  finish(feed: readonly Required<SeenEvent>[], nowMs: number): Connection {
    this.take(feed, { nowMs, count: feed.length });
    return this.reconnect(nowMs);
  }
}
