import type { AppendRequest, AppendResult } from './append.ts';
import type { ConsumerStore } from './consumer-store.ts';
import type { FeedFilter } from './feed-filter.ts';
import type { Limits } from './limits.ts';
import type { StreamId } from './stream-id.ts';

/**
 * What stores events. Whoever holds an engine holds one that is open and recovered: there is no
 * other state to ask about. After `close` nothing may be called.
 */
export interface StorageEngine {
  readonly capabilities: EngineCapabilities;

  /** The records of durable consumers, as durable as events are. */
  readonly consumers: ConsumerStore;

  /**
   * Stores one append. When the promise fulfils with `appended` or `replayed`, the events are
   * durable and visible to every reader; a conflict is true of durable history.
   *
   * @throws EventStoreError `outcome-unknown` when it cannot know whether it was stored;
   *   `overloaded`, `read-only`, `disk-full`, `not-supported` when nothing was stored.
   */
  append(request: AppendRequest): Promise<AppendResult>;

  /**
   * The events of a stream in version order, or in the reverse order, up to the version that the
   * stream had at some instant of the call. A stream that nobody wrote to has no batches.
   *
   * @throws EventStoreError `event-corrupt` at the first event that cannot be vouched for.
   */
  readStream(request: ReadStreamRequest): AsyncIterable<Batch>;

  /**
   * The events of all streams in position order, up to the end at some instant of the call. There
   * is always at least one batch, possibly empty, and only the last one can be `caughtUp`. Each
   * filtered batch, also an empty one, comes after about `batchBytesMax` looked at, so that a
   * reader learns how far the read has come and can stop.
   *
   * @throws EventStoreError `cursor-ahead` when `after` is past the end; `event-corrupt`.
   */
  readFeed(request: ReadFeedRequest): AsyncIterable<FeedBatch>;

  /**
   * What `readStream` gives, for engines that may have it without waiting for anything. `undefined`
   * whenever it is not so, or not all of it fits `into`, and also where anything is wrong:
   * `readStream` then tells.
   */
  readStreamAtOnce?(request: ReadStreamRequest & { readonly limit: number }, into: Uint8Array): StreamPart | undefined;

  /** The stream's version; 0 when it has no events. */
  streamVersion(streamId: StreamId): Promise<number>;

  /**
   * The position of the last event of the feed, every append answered before included; 0 when it
   * has no events.
   *
   * @throws EventStoreError `not-supported` where `capabilities.hasFeed` is false.
   */
  feedEnd(): Promise<number>;

  /**
   * Streams in the order of the UTF-8 bytes of their ids, including every append answered before.
   *
   * @throws EventStoreError `not-supported` where `capabilities.listsStreams` is false.
   */
  listStreams(request: ListStreamsRequest): Promise<readonly StreamSummary[]>;

  /**
   * Calls `listener` after each commit, once its events are visible, until unsubscribed. An engine
   * that learns of some commits only by looking for them does so while they are awaited, and a
   * listener that gives no `interest` awaits them always.
   */
  onCommit(listener: CommitListener, interest?: CommitInterest): Unsubscribe;

  /** Whether appends are accepted, and if not, why. */
  health(): EngineHealth;

  /** Figures for operators, by name; each engine documents its own. */
  statistics(): Readonly<Record<string, number>>;

  /** Finishes what is under way and gives up what it holds. */
  close(): Promise<void>;
}

/** What an engine can do, and within which limits; fixed while it is open. */
export interface EngineCapabilities {
  readonly name: 'memory' | 'log' | 'dynamodb';
  /** Whether what was acknowledged outlives the process. */
  readonly durable: boolean;
  /** Whether an append's answer has the position. */
  readonly positionOnAppend: boolean;
  readonly hasFeed: boolean;
  readonly listsStreams: boolean;
  /** Whether every use of a known id is noticed; otherwise only the same append again is, in the form that it had. */
  readonly noticesReusedIds: boolean;
  readonly streamsPerAppendMax: number;
  readonly limits: Limits;
}

/** Which part of a stream to read, in which order. */
export interface ReadStreamRequest {
  readonly streamId: StreamId;
  /** The version to start at; backward, the newest one wanted (past the head: from the head). */
  readonly from: number;
  /** At most so many events. */
  readonly limit?: number;
  readonly direction: 'forward' | 'backward';
}

/** Which part of the feed to read. */
export interface ReadFeedRequest {
  /** The position after which to start; 0 is the beginning. */
  readonly after: number;
  /** At most so many events. */
  readonly limit?: number;
  readonly filter?: FeedFilter;
}

/** Some events of a read, in its order, as they are sent: about 1 MiB at most, or one event. */
export interface Batch {
  /** JSON lines (see event-line.ts), each ended by a line feed. Valid until the next batch is asked for. */
  readonly lines: Uint8Array;
  /** How many events. */
  readonly count: number;
  /** The version (feed: position) of the last event that was looked at; a reader goes on from there. */
  readonly through: number;
}

/** Events of a stream that were put where they were wanted, in the order asked for. */
export interface StreamPart {
  /** The stream's version; 0 when it has no events. */
  readonly version: number;
  /** Where each event's line ends, behind its line feed; they follow one another from the start. */
  readonly lineEnds: readonly number[];
}

/** A batch of the feed; an empty one with a filter tells how far it looked. */
export interface FeedBatch extends Batch {
  /** Whether `through` was the end of the feed. */
  readonly caughtUp: boolean;
}

/** Which streams to list. */
export interface ListStreamsRequest {
  /** Only ids that start with this. */
  readonly prefix: string;
  /** Only ids behind this one in UTF-8 byte order; the empty string is the beginning. */
  readonly after: string;
  readonly limit: number;
}

/** A stream and its version, which is also the number of its events. */
export interface StreamSummary {
  readonly streamId: string;
  readonly version: number;
}

/** Told the position of the last event that became visible. */
export type CommitListener = (position: number) => void;

export type Unsubscribe = () => void;

/** How an engine that has to look for the commits of other instances is spared to look for nobody. */
export interface CommitInterest {
  /** Whether anybody waits for a commit now. Whoever begins to wait has read just before. */
  readonly isAwaited: () => boolean;
}

/**
 * `ready` accepts appends, even if some of what is stored turned out to be damaged; the others say
 * why not, in a sentence that tells what to do.
 */
export type EngineHealth =
  | { readonly state: 'ready'; readonly damage?: string | undefined }
  | { readonly state: 'read-only' | 'full' | 'unavailable'; readonly reason: string };

/** What an engine reports as it works; given to it when it is opened. Must not throw. */
export interface EngineObserver {
  /** One group of appends became durable together. */
  groupCommitted?(group: {
    readonly appends: number;
    readonly events: number;
    readonly bytes: number;
    readonly syncSeconds: number;
  }): void;
  /** Something an operator should know; `fields` hold no event data. */
  notice?(notice: {
    readonly level: 'info' | 'warn' | 'error';
    readonly message: string;
    readonly fields?: Readonly<Record<string, string | number>>;
  }): void;
  /** How far a long work at opening has come. */
  progress?(progress: {
    readonly task: 'recovering' | 'rebuilding-index';
    readonly done: number;
    readonly total: number;
  }): void;
}
