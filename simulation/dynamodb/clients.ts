/** Clients that append, retry, read and follow the feed through any instance, and write down what they were told. */
import {
  type AppendResult,
  type Clock,
  EventStoreError,
  type ProposedEvent,
  type RecordedEvent,
  type StorageEngine,
  type StreamAppend,
  type StreamId,
} from '@event-store/core';
import { Violation } from '../violation.ts';
import type { Chance } from './chance.ts';
import { type AppendAttempt, type AppendOperation, eventNames, type FeedRead, type History } from './history.ts';
import { parseLines, readEvents } from './read-events.ts';

/** Of reads that do not go on to the end. */
const readLimits = [1, 2, 5, 40];

/** Nobody waits longer for an answer. */
const patienceMs = 3_000;

/** An instance as clients see it. */
export interface Served {
  readonly engine: Pick<StorageEngine, 'append' | 'readStream' | 'readFeed'>;
  readonly feed: 'on' | 'off';
  readonly process: { readonly isKilled: boolean };
}

export interface ClientsOptions {
  readonly time: Pick<Clock, 'monotonicMs'> & { wait(delayMs: number): Promise<void> };
  readonly chance: Chance;
  readonly instances: { readonly running: readonly Served[] };
  readonly streamIds: readonly StreamId[];
  readonly history: History;
}

export class Clients {
  readonly #time: ClientsOptions['time'];
  readonly #chance: Chance;
  readonly #instances: ClientsOptions['instances'];
  readonly #streamIds: readonly StreamId[];
  readonly #history: History;
  /** The highest position that was seen. */
  #lastPosition = 0;
  /** Operations that came to an end. */
  operations = 0;
  isDone = false;

  constructor(options: ClientsOptions) {
    this.#time = options.time;
    this.#chance = options.chance;
    this.#instances = options.instances;
    this.#streamIds = options.streamIds;
    this.#history = options.history;
  }

  async operate(operations: number): Promise<void> {
    for (let done = 0; done < operations; done++) {
      const what = this.#chance.fraction();
      if (what < 0.7) await this.#append();
      else if (what < 0.85) await this.#readStream();
      else await this.#readFeed(Math.max(0, this.#lastPosition - this.#chance.integer(0, 60)));
      this.operations++;
      if (this.#chance.happens(0.3)) await this.#time.wait(this.#chance.between(0, 40));
    }
  }

  /** Follows the feed by its cursor, across instances, until told to stop. */
  async follow(): Promise<void> {
    let cursor = 0;
    while (!this.isDone) {
      const read = await this.#readFeed(cursor);
      cursor = read?.events.at(-1)?.position ?? cursor;
      await this.#time.wait(this.#chance.between(1, 60));
    }
  }

  async #append(): Promise<void> {
    const streamId = this.#chance.one(this.#streamIds);
    const told = this.#history.toldVersion(streamId);
    const expectedVersion = this.#chance.happens(0.5)
      ? Math.max(1, told + this.#chance.one([1, 1, 1, 1, 0, 2]))
      : undefined;
    const operation: AppendOperation = {
      number: this.#history.appends.length + 1,
      streamId,
      expectedVersion,
      count: this.#chance.one([1, 1, 1, 2, 3]),
      hasIds: this.#chance.happens(0.5),
      attempts: [],
    };
    this.#history.appends.push(operation);
    const isSafeToRetry = operation.hasIds || expectedVersion !== undefined;
    for (let attempts = 0; attempts < 4; attempts++) {
      const result = await this.#attempt(operation);
      if (result !== undefined && !(isSafeToRetry && operation.hasIds && this.#chance.happens(0.1))) return;
      if (!isSafeToRetry) return;
    }
  }

  async #attempt(operation: AppendOperation): Promise<AppendResult | undefined> {
    const instance = this.#chance.one(this.#instances.running);
    const toldVersion = this.#history.toldVersion(operation.streamId);
    const attempt: AppendAttempt = { feed: instance.feed, toldVersion, startMs: this.#time.monotonicMs() };
    operation.attempts.push(attempt);
    const result = await this.#answer(instance, () => instance.engine.append({ streams: [proposal(operation)] }));
    attempt.endMs = this.#time.monotonicMs();
    if (result === undefined) return undefined;
    attempt.result = result;
    if (result.outcome === 'version-conflict') this.#history.tell(operation.streamId, result.currentVersion);
    if (!('streams' in result)) return result;
    this.#history.tell(operation.streamId, result.streams[0]?.version ?? 0);
    if (result.outcome === 'appended' && instance.feed === 'on') this.#history.acknowledged.push(operation);
    return result;
  }

  async #readStream(): Promise<void> {
    const streamId = this.#chance.one(this.#streamIds);
    const instance = this.#chance.one(this.#instances.running);
    const toldVersion = this.#history.toldVersion(streamId);
    const from = this.#chance.happens(0.5) ? 1 : Math.max(1, toldVersion - this.#chance.one([-1, 0, 1, 3, 60]));
    const limit = this.#chance.happens(0.5) ? { limit: this.#chance.one(readLimits) } : {};
    const startMs = this.#time.monotonicMs();
    const events = await this.#answer(instance, () =>
      readEvents(instance.engine.readStream({ streamId, from, direction: 'forward', ...limit })),
    );
    if (events === undefined) return;
    const endMs = this.#time.monotonicMs();
    const isWhole = limit.limit === undefined || events.length < limit.limit;
    this.#history.streamReads.push({ streamId, from, toldVersion, events, isWhole, startMs, endMs });
    if (events.length > 0) this.#history.tell(streamId, from + events.length - 1);
  }

  async #readFeed(after: number): Promise<FeedRead | undefined> {
    const instance = this.#chance.one(this.#instances.running);
    if (instance.feed === 'off') return undefined;
    const acknowledged = this.#history.acknowledged.length;
    const startMs = this.#time.monotonicMs();
    let isCaughtUp = false;
    const events = await this.#answer(instance, async () => {
      const found: RecordedEvent[] = [];
      const limit = this.#chance.happens(0.3) ? { limit: this.#chance.integer(1, 20) } : {};
      for await (const batch of instance.engine.readFeed({ after, ...limit })) {
        found.push(...parseLines(batch.lines));
        isCaughtUp = batch.caughtUp;
      }
      return found;
    });
    if (events === undefined) return undefined;
    const read = { after, acknowledged, events, isCaughtUp, startMs, endMs: this.#time.monotonicMs() };
    this.#history.feedReads.push(read);
    this.#lastPosition = Math.max(this.#lastPosition, events.at(-1)?.position ?? 0);
    return read;
  }

  /** What the instance answers; nothing when it does not, or does not know. */
  async #answer<Answer>(instance: Served, ask: () => Promise<Answer>): Promise<Answer | undefined> {
    const gaveUp = this.#time.wait(patienceMs).then(() => undefined);
    const asked = ask().catch((error: unknown) => {
      if (error instanceof EventStoreError && acceptable.has(error.code)) return undefined;
      if (instance.process.isKilled) return undefined;
      throw new Violation('P-20', `an instance failed: ${error instanceof Error ? error.stack : error}`);
    });
    return Promise.race([asked, gaveUp]);
  }
}

/** Answers that say nothing about what is stored. */
const acceptable = new Set(['outcome-unknown', 'overloaded', 'engine-unavailable', 'request-timeout']);

function proposal(operation: AppendOperation): StreamAppend {
  const events: readonly ProposedEvent[] = eventNames(operation).map((name) => ({
    type: name,
    data: '',
    id: operation.hasIds ? name : undefined,
    metadata: undefined,
  }));
  return { streamId: operation.streamId, expectedVersion: operation.expectedVersion, events };
}
