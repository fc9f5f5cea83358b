/**
 * The contract of `StorageEngine` in its plainest form: an array of lines is the feed, and each
 * stream is an array of the same lines. An append is one synchronous step, so nothing can come
 * between the decision and the commit.
 */
import {
  type AppendRequest,
  type AppendResult,
  answerRetry,
  assert,
  type Batch,
  type Clock,
  type CommitListener,
  compareUtf8,
  decideAppend,
  type EngineCapabilities,
  type EngineHealth,
  type EngineObserver,
  EventStoreError,
  eventLine,
  type FeedBatch,
  type ListStreamsRequest,
  limits,
  passesFilter,
  type ReadFeedRequest,
  type ReadStreamRequest,
  type StorageEngine,
  type StreamAppend,
  type StreamId,
  type StreamSummary,
  type Unsubscribe,
  utf8Bytes,
} from '@event-store/core';
import { MemoryConsumers } from './memory-consumers.ts';
import { inBatches, type StoredLine } from './stored-line.ts';

interface Stream {
  /** In version order, from 1. */
  readonly lines: StoredLine[];
  readonly versionOfId: Map<string, number>;
}

export class MemoryEngine implements StorageEngine {
  readonly capabilities: EngineCapabilities = {
    name: 'memory',
    durable: false,
    positionOnAppend: true,
    hasFeed: true,
    listsStreams: true,
    noticesReusedIds: true,
    streamsPerAppendMax: 1,
    limits,
  };
  readonly consumers = new MemoryConsumers();

  readonly #clock: Clock;
  readonly #observer: EngineObserver;
  /** In position order, from 1. */
  readonly #feed: StoredLine[] = [];
  readonly #streams = new Map<string, Stream>();
  readonly #listeners = new Set<CommitListener>();
  #timeMs = 0;

  constructor({ clock, observer }: { clock: Clock; observer: EngineObserver }) {
    this.#clock = clock;
    this.#observer = observer;
  }

  async append({ streams }: AppendRequest): Promise<AppendResult> {
    const [append, ...others] = streams;
    assert(append !== undefined, 'an append names a stream');
    if (others.length > 0) throw new EventStoreError('not-supported', 'An append goes to one stream at a time.');
    const stream = this.#streams.get(append.streamId) ?? { lines: [], versionOfId: new Map() };
    const headVersion = stream.lines.length;
    const decision = decideAppend(append, { headVersion, versionOfId: (id) => stream.versionOfId.get(id) });
    switch (decision.step) {
      case 'append':
        return this.#store(append, stream);
      case 'answer':
        return decision.result;
      case 'compare': {
        const stored = stream.lines.slice(decision.from - 1, decision.through);
        return answerRetry(
          append,
          decision,
          stored.map(({ line, commit }) => ({ event: JSON.parse(line), commit })),
        );
      }
    }
  }

  #store({ streamId, events }: StreamAppend, stream: Stream): AppendResult {
    this.#timeMs = Math.max(this.#timeMs, this.#clock.now());
    const time = new Date(this.#timeMs).toISOString();
    const firstVersion = stream.lines.length + 1;
    const commit = this.#feed.length + events.length;
    let appendBytes = 0;
    for (const event of events) {
      const version = stream.lines.length + 1;
      const position = this.#feed.length + 1;
      const line = `${eventLine({ streamId, version, event, time, position })}\n`;
      const bytes = utf8Bytes(line);
      const stored = { streamId, version, type: event.type, position, commit, line, bytes };
      stream.lines.push(stored);
      this.#feed.push(stored);
      if (event.id !== undefined) stream.versionOfId.set(event.id, version);
      appendBytes += bytes;
    }
    this.#streams.set(streamId, stream);
    this.#observer.groupCommitted?.({ appends: 1, events: events.length, bytes: appendBytes, syncSeconds: 0 });
    for (const listener of this.#listeners) listener(commit);
    return {
      outcome: 'appended',
      streams: [{ streamId, firstVersion, version: stream.lines.length, position: commit }],
    };
  }

  async *readStream({ streamId, from, limit, direction }: ReadStreamRequest): AsyncGenerator<Batch> {
    const lines = this.#streams.get(streamId)?.lines ?? [];
    const wanted = direction === 'forward' ? lines.slice(from - 1) : lines.slice(0, from).reverse();
    yield* inBatches(wanted, { place: 'version', limit });
  }

  async *readFeed({ after, limit, filter }: ReadFeedRequest): AsyncGenerator<FeedBatch> {
    const end = this.#feed.length;
    if (after > end) {
      throw new EventStoreError('cursor-ahead', `The feed ends at position ${end}, before the cursor.`, {
        details: { position: end },
      });
    }
    if (after === end) yield { lines: new Uint8Array(), count: 0, through: end, caughtUp: true };
    const passes = filter && ((entry: StoredLine) => passesFilter(entry, filter));
    for (const batch of inBatches(this.#feed.slice(after), { place: 'position', passes, limit })) {
      yield { ...batch, caughtUp: batch.through === end };
    }
  }

  async streamVersion(streamId: StreamId): Promise<number> {
    return this.#streams.get(streamId)?.lines.length ?? 0;
  }

  async feedEnd(): Promise<number> {
    return this.#feed.length;
  }

  async listStreams({ prefix, after, limit }: ListStreamsRequest): Promise<readonly StreamSummary[]> {
    return [...this.#streams]
      .map(([streamId, { lines }]) => ({ streamId, version: lines.length }))
      .filter(({ streamId }) => streamId.startsWith(prefix) && compareUtf8(streamId, after) > 0)
      .sort((a, b) => compareUtf8(a.streamId, b.streamId))
      .slice(0, limit);
  }

  onCommit(listener: CommitListener): Unsubscribe {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  health(): EngineHealth {
    return { state: 'ready' };
  }

  /** `events` and `streams`: how many there are. */
  statistics(): Readonly<Record<string, number>> {
    return { events: this.#feed.length, streams: this.#streams.size };
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }
}
