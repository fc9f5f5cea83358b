/**
 * An engine and its model, which are given the same commands and must give the same answers: the
 * same results, and the same lines but for times and the engine's own fields.
 */
import assert from 'node:assert/strict';
import {
  type AppendResult,
  EventStoreError,
  parseStreamId,
  type RecordedEvent,
  type StorageEngine,
  type StreamAppend,
} from '@event-store/core';
import { openMemoryEngine } from '@event-store/engine-memory';
import { proposed } from '../appending.ts';
import type { OpenedEngine, ReopenEngine } from '../engine-suite.ts';
import { readFeed, readStream } from '../reading.ts';
import type {
  AppendCommand,
  BurstCommand,
  Command,
  ListStreamsCommand,
  ReadFeedCommand,
  ReadStreamCommand,
  RetryCommand,
} from './commands.ts';

/** One append of several at once, with the stream's version before them. */
interface BurstOutcome {
  readonly append: StreamAppend;
  readonly versionBefore: number;
  readonly result: AppendResult;
}

/** The changes of an earlier append that every engine tells from it. */
const noticed = new Set<RetryCommand['change']>(['none', 'other-content', 'first-part']);

export class PairedStores {
  #engine: StorageEngine;
  readonly #reopen: ReopenEngine | undefined;
  readonly #model = openMemoryEngine();
  /** Every append so far, the last one first: what a retry picks from. */
  readonly #appends: StreamAppend[] = [];

  constructor({ engine, reopen }: OpenedEngine) {
    this.#engine = engine;
    this.#reopen = reopen;
  }

  async run(command: Command): Promise<void> {
    switch (command.kind) {
      case 'append':
      case 'retry':
        return this.#append(await this.#prepare(command));
      case 'burst':
        return this.#burst(command);
      case 'read-stream':
        return this.#readStream(command);
      case 'read-feed':
        return this.#readFeed(command);
      case 'list-streams':
        return this.#listStreams(command);
      case 'reopen':
        this.#engine = (await this.#reopen?.({})) ?? this.#engine;
    }
  }

  /** Compares everything that there is. */
  async compareAll(): Promise<void> {
    await this.#readFeed({ kind: 'read-feed', share: 0, limit: undefined, types: undefined, streamPrefix: undefined });
    for (const streamId of new Set(this.#appends.map((append) => append.streamId))) {
      await this.#readStream({ kind: 'read-stream', streamId, share: 0, limit: undefined, direction: 'forward' });
      assert.equal(await this.#engine.streamVersion(streamId), await this.#model.streamVersion(streamId));
    }
  }

  /** The append that a command means in the present state. */
  async #prepare(command: AppendCommand | RetryCommand): Promise<StreamAppend> {
    const known = this.#asNoticed(command);
    const append = known.kind === 'retry' ? await this.#again(known) : await this.#anew(known);
    this.#appends.unshift(append);
    return append;
  }

  /** Where not every reuse of an id is noticed, only those are tried that are. */
  #asNoticed(command: AppendCommand | RetryCommand): AppendCommand | RetryCommand {
    if (this.#engine.capabilities.noticesReusedIds) return command;
    if (command.kind === 'retry') return noticed.has(command.change) ? command : { ...command, change: 'none' };
    const number = this.#appends.length;
    return {
      ...command,
      events: command.events.map((event) => ({ ...event, id: event.id && `${number}-${event.id}` })),
    };
  }

  async #anew({ streamId: id, expectedOffset, events }: AppendCommand): Promise<StreamAppend> {
    const streamId = parseStreamId(id);
    const next = (await this.#model.streamVersion(streamId)) + 1;
    const expectedVersion = expectedOffset === undefined ? undefined : Math.max(1, next + expectedOffset);
    return {
      streamId,
      expectedVersion,
      events: events.map(({ times, ...event }) => ({ ...event, data: event.data.repeat(times) })),
    };
  }

  async #again({ back, change }: RetryCommand): Promise<StreamAppend> {
    const earlier = this.#appends[Math.min(back, this.#appends.length - 1)];
    if (earlier === undefined) {
      return { streamId: parseStreamId('a'), expectedVersion: undefined, events: [proposed({ id: 'i0' })] };
    }
    const { streamId, events } = earlier;
    switch (change) {
      case 'none':
        return earlier;
      case 'other-content':
        return { ...earlier, events: events.map((event) => ({ ...event, type: `${event.type}!` })) };
      case 'first-part':
        return { ...earlier, events: events.slice(0, Math.max(1, events.length - 1)) };
      case 'last-part':
        return { ...earlier, events: events.slice(-Math.max(1, events.length - 1)) };
      case 'more':
        return { ...earlier, events: [...events, proposed({ id: events[0]?.id && 'i99' })] };
      case 'version-left-out':
        return { ...earlier, expectedVersion: undefined };
      case 'next-version':
        return { ...earlier, expectedVersion: (await this.#model.streamVersion(streamId)) + 1 };
    }
  }

  async #append(append: StreamAppend): Promise<void> {
    const result = await this.#engine.append({ streams: [append] });
    assert.deepEqual(result, this.#asTold(await this.#model.append({ streams: [append] })));
  }

  /**
   * Appends at once have any order. The positions that were told are the order, in which the model
   * then stores them; the others stored nothing, and what they were told must be true afterwards.
   */
  async #burst({ appends }: BurstCommand): Promise<void> {
    if (!this.#engine.capabilities.positionOnAppend) return;
    const prepared: StreamAppend[] = [];
    for (const command of appends) prepared.push(await this.#prepare(command));
    const results = await Promise.all(
      prepared.map(async (append) => {
        const versionBefore = await this.#model.streamVersion(append.streamId);
        return { append, versionBefore, result: await this.#engine.append({ streams: [append] }) };
      }),
    );
    const stored = results.filter(({ result }) => result.outcome === 'appended');
    stored.sort((a, b) => lastPosition(a.result) - lastPosition(b.result));
    for (const { append, result } of stored) {
      assert.deepEqual(result, await this.#model.append({ streams: [append] }));
    }
    for (const outcome of results) await this.#holdsAfterwards(outcome);
  }

  async #holdsAfterwards({ append, versionBefore, result }: BurstOutcome): Promise<void> {
    if (result.outcome === 'replayed') {
      assert.deepEqual(result, await this.#model.append({ streams: [append] }));
    } else if (result.outcome === 'event-id-reused') {
      const anyVersion = await this.#model.append({ streams: [{ ...append, expectedVersion: undefined }] });
      assert.notEqual(anyVersion.outcome, 'appended', 'the id is known');
    } else if (result.outcome === 'version-conflict') {
      const version = await this.#model.streamVersion(append.streamId);
      assert.ok(result.currentVersion >= versionBefore && result.currentVersion <= version);
      assert.notEqual(result.currentVersion + 1, append.expectedVersion);
    }
  }

  async #readStream({ streamId, share, limit, direction }: ReadStreamCommand): Promise<void> {
    const version = await this.#model.streamVersion(parseStreamId(streamId));
    const from = Math.max(1, Math.ceil(version * share));
    const read = { streamId, from, direction, ...(limit === undefined ? {} : { limit }) };
    const lines = async (engine: StorageEngine) => (await readStream(engine, read)).map((event) => this.#line(event));
    assert.deepEqual(await lines(this.#engine), await lines(this.#model));
  }

  async #readFeed({ share, limit, types, streamPrefix }: ReadFeedCommand): Promise<void> {
    const end = this.#model.statistics().events ?? 0;
    const filter = {
      ...(types === undefined ? {} : { types: new Set(types) }),
      ...(streamPrefix === undefined ? {} : { streamPrefix }),
    };
    const read = { after: Math.ceil(end * share), filter, ...(limit === undefined ? {} : { limit }) };
    const lines = (engine: StorageEngine) =>
      readFeed(engine, read).then(
        (events) => events.map(comparableLine),
        (error: unknown) => (error instanceof EventStoreError ? error.code : Promise.reject(error)),
      );
    assert.deepEqual(await lines(this.#engine), await lines(this.#model));
  }

  async #listStreams({ prefix, after, limit }: ListStreamsCommand): Promise<void> {
    if (!this.#engine.capabilities.listsStreams) return;
    const request = { prefix, after, limit };
    assert.deepEqual(await this.#engine.listStreams(request), await this.#model.listStreams(request));
  }

  /** The model's answer as this engine gives it. */
  #asTold(result: AppendResult): AppendResult {
    if (this.#engine.capabilities.positionOnAppend || !('streams' in result)) return result;
    return { ...result, streams: result.streams.map((place) => ({ ...place, position: undefined })) };
  }

  #line(event: RecordedEvent): string {
    if (this.#engine.capabilities.positionOnAppend) return comparableLine(event);
    const { position: _, ...rest } = event;
    return comparableLine(rest);
  }
}

function lastPosition(result: AppendResult): number {
  return ('streams' in result ? result.streams[0]?.position : undefined) ?? 0;
}

/** The fields of the contract, but for the time. That they are printed alike is seen to by each read. */
function comparableLine({ streamId, version, type, data, id, metadata, position }: RecordedEvent): string {
  return JSON.stringify({ streamId, version, type, data, id, metadata, position });
}
