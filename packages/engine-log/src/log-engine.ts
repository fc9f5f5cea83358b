/**
 * The embedded engine: decides appends against everything accepted so far, answers them once they
 * are durable, and serves readers what is durable. Made by open-log-engine.ts.
 */
import {
  type AppendRequest,
  type AppendResult,
  answerRetry,
  assert,
  type Batch,
  type CommitListener,
  type CompareStep,
  type ConsumerStore,
  decideAppend,
  type EngineCapabilities,
  type EngineHealth,
  EventStoreError,
  type FeedBatch,
  type ListStreamsRequest,
  limits,
  type ReadFeedRequest,
  type ReadStreamRequest,
  type RecordedEvent,
  type StorageEngine,
  type StoredEvent,
  type StreamAppend,
  type StreamId,
  type StreamPart,
  type StreamSummary,
  type Unsubscribe,
} from '@event-store/core';
import type { CommitQueue } from './append/commit-queue.ts';
import type { EngineState } from './engine-state.ts';
import type { Indexing } from './index/indexing.ts';
import type { LineCache } from './read/line-cache.ts';
import { listStreams } from './read/list-streams.ts';
import { type LogView, visibleVersion } from './read/log-view.ts';
import { AtOnceReader } from './read/read-at-once.ts';
import { readFeed } from './read/read-feed.ts';
import { checkEnd, readStream } from './read/read-stream.ts';
import type { DamageWatch } from './recovery/damage-watch.ts';
import type { Scrub } from './recovery/scrub.ts';
import type { Resources } from './resources.ts';

/** What the engine is made of. */
export interface LogEngineParts {
  readonly view: LogView;
  readonly lineCache: LineCache;
  readonly state: EngineState;
  readonly indexing: Indexing;
  readonly listeners: Set<CommitListener>;
  /** Absent when the log is damaged: nothing may be written. */
  readonly queue: CommitQueue | undefined;
  readonly consumers: ConsumerStore;
  readonly damage: DamageWatch;
  readonly scrub: Scrub;
  /** Closed last: the files, the index, the directory's lock. */
  readonly resources: Resources;
}

export class LogEngine implements StorageEngine {
  readonly capabilities: EngineCapabilities = {
    name: 'log',
    durable: true,
    positionOnAppend: true,
    hasFeed: true,
    listsStreams: true,
    noticesReusedIds: true,
    streamsPerAppendMax: 1,
    limits,
  };
  readonly consumers: ConsumerStore;
  readonly #parts: LogEngineParts;
  readonly #atOnce: AtOnceReader;

  constructor(parts: LogEngineParts) {
    this.#parts = parts;
    this.#atOnce = new AtOnceReader(parts.view, parts.lineCache);
    this.consumers = parts.consumers;
  }

  async append({ streams }: AppendRequest): Promise<AppendResult> {
    const [append] = streams;
    if (append === undefined || streams.length > 1) {
      throw new EventStoreError('not-supported', 'An append to several streams at once is not supported.');
    }
    const queue = this.#acceptingQueue();
    const { streamId, events } = append;
    const decision = decideAppend(append, {
      headVersion: this.#acceptedVersion(streamId),
      versionOfId: (id) => this.#versionOfId(streamId, id),
    });
    if (decision.step === 'append') {
      const { firstVersion } = decision;
      const { position, settled } = queue.add(append, firstVersion);
      await settled;
      const version = firstVersion + events.length - 1;
      return { outcome: 'appended', streams: [{ streamId, firstVersion, version, position }] };
    }
    await queue.settled;
    return decision.step === 'answer' ? decision.result : this.#answerRetry(append, decision);
  }

  readStream(request: ReadStreamRequest): AsyncIterable<Batch> {
    return readStream(this.#parts.view, request);
  }

  readStreamAtOnce(request: ReadStreamRequest & { readonly limit: number }, into: Uint8Array): StreamPart | undefined {
    return this.#atOnce.read(request, into);
  }

  readFeed(request: ReadFeedRequest): AsyncIterable<FeedBatch> {
    return readFeed(this.#parts.view, request);
  }

  async streamVersion(streamId: StreamId): Promise<number> {
    const version = visibleVersion(this.#parts.view, streamId);
    checkEnd(this.#parts.view, streamId, version + 1);
    return version;
  }

  async feedEnd(): Promise<number> {
    return this.#parts.view.durable().position;
  }

  async listStreams(request: ListStreamsRequest): Promise<readonly StreamSummary[]> {
    this.#checkWhole();
    const { view, indexing } = this.#parts;
    const isCaughtUp = await indexing.catchUp();
    return isCaughtUp ? view.index.listStreams(request) : listStreams(view, request);
  }

  onCommit(listener: CommitListener): Unsubscribe {
    this.#parts.listeners.add(listener);
    return () => this.#parts.listeners.delete(listener);
  }

  health(): EngineHealth {
    const { state, damage } = this.#parts;
    const isNews = state.health.state === 'ready' && damage.text !== undefined;
    return isNews ? { state: 'ready', damage: damage.text } : state.health;
  }

  /**
   * `feed_position`, `log_bytes`, `log_segments`, `append_queue_bytes` (not yet durable),
   * `index_lag_events` (durable, not yet in the index), `damaged_places` (known by now),
   * `scrubbed_bytes` and `scrub_passes` (since the start), `line_cache_bytes`.
   */
  statistics(): Readonly<Record<string, number>> {
    const { view, lineCache, queue, indexing, damage, scrub } = this.#parts;
    return {
      feed_position: view.durable().position,
      log_bytes: view.segments.bytes,
      log_segments: view.segments.all.length,
      append_queue_bytes: queue?.bytes ?? 0,
      index_lag_events: indexing.lagEvents,
      damaged_places: damage.count,
      scrubbed_bytes: scrub.bytes,
      scrub_passes: scrub.passes,
      line_cache_bytes: lineCache.bytes,
    };
  }

  async close(): Promise<void> {
    const { state, queue, resources } = this.#parts;
    state.close();
    await queue?.idle();
    await resources.close();
  }

  /** @throws EventStoreError `event-corrupt` when there may have been other streams, or later versions. */
  #checkWhole(): void {
    const { lostThrough: position } = this.#parts.view;
    if (position === 0) return;
    const text =
      'Events are lost of which it is not known whose they were, so no list of the streams is right. Restore the log from a copy, or repair it.';
    throw new EventStoreError('event-corrupt', text, { details: { position } });
  }

  #acceptingQueue(): CommitQueue {
    const { state, queue } = this.#parts;
    state.checkAccepting();
    assert(queue !== undefined, 'what cannot be written is read-only');
    if (queue.bytes > limits.appendQueueBytesMax) {
      throw new EventStoreError(
        'overloaded',
        'More appends wait for the disk than the server can hold. Send it again later.',
        {
          details: { retryAfterSeconds: 1 },
        },
      );
    }
    return queue;
  }

  /** The stream's version with everything accepted so far, durable or not. */
  #acceptedVersion(streamId: StreamId): number {
    return this.#parts.view.recent.streamVersion(streamId) ?? this.#parts.view.index.streamVersion(streamId);
  }

  #versionOfId(streamId: StreamId, id: string): number | undefined {
    return this.#parts.view.recent.versionOfId(streamId, id) ?? this.#parts.view.index.versionOfId(streamId, id);
  }

  async #answerRetry(append: StreamAppend, step: CompareStep): Promise<AppendResult> {
    const stored: StoredEvent[] = [];
    const request = { streamId: append.streamId, from: step.from, limit: step.through - step.from + 1 };
    for await (const { lines } of readStream(this.#parts.view, { ...request, direction: 'forward' })) {
      for (const line of Buffer.from(lines).toString('utf8').trimEnd().split('\n')) {
        const event = JSON.parse(line) as RecordedEvent & { readonly position: number; readonly commit?: number };
        stored.push({ event, commit: event.commit ?? event.position });
      }
    }
    return answerRetry(append, step, stored);
  }
}
