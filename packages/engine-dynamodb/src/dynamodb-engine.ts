/** The engine: puts together what writes, what sequences and what reads. */
import {
  type AppendRequest,
  type AppendResult,
  assert,
  type Batch,
  type CommitInterest,
  type CommitListener,
  type EngineCapabilities,
  type EngineHealth,
  EventStoreError,
  type FeedBatch,
  limits,
  type ReadFeedRequest,
  type ReadStreamRequest,
  type StorageEngine,
  type StreamId,
  type StreamSummary,
  type Unsubscribe,
} from '@event-store/core';
import { AppendTicket } from './append/append-ticket.ts';
import type { AppendWriter } from './append/append-writer.ts';
import { PlainWriter } from './append/plain-writer.ts';
import { DynamodbConsumers } from './dynamodb-consumers.ts';
import { EventCache } from './feed/event-cache.ts';
import { defaultSealing, IdleLanes, type Sealing } from './feed/idle-lanes.ts';
import { LaneRecords } from './feed/lane-records.ts';
import { Log } from './feed/log.ts';
import { type FeedSource, readFeed } from './feed/read-feed.ts';
import { Sequencer } from './feed/sequencer.ts';
import { Tailer } from './feed/tailer.ts';
import { Heads } from './heads.ts';
import { LaneWriter, type LaneWriterOptions } from './lanes/lane-writer.ts';
import { readHead } from './read-head.ts';
import { readStream } from './read-stream.ts';
import { WatchedTable } from './watched-table.ts';
import { pause, type World } from './world.ts';

/** A transaction of DynamoDB takes 100 items; a lane record and a marker go with the events. */
const appendEventsMax = 98;

/** How long a stop waits for the feed to get what was appended last; any other instance can do it as well. */
const sequenceMsMax = 2_000;

/** How long the caller of an append waits for an outcome. */
const appendWaitMsMax = 20_000;

export interface DynamodbEngineOptions {
  readonly world: World;
  readonly feed: 'on' | 'off';
  /** When lanes are sealed whose process seems to be gone. */
  readonly sealing?: Sealing;
}

export class DynamodbEngine implements StorageEngine {
  readonly capabilities: EngineCapabilities;
  readonly consumers: DynamodbConsumers;
  readonly #table: WatchedTable;
  readonly #heads = new Heads();
  readonly #world: World;
  readonly #listeners = new Map<CommitListener, CommitInterest>();
  readonly #feedSource: FeedSource;
  readonly #log: Log;
  readonly #sequencer: Sequencer;
  readonly #tailer: Tailer;
  readonly #writer: AppendWriter;
  #appends = 0;

  constructor({ world: outside, feed, sealing = defaultSealing }: DynamodbEngineOptions) {
    this.#table = new WatchedTable(outside);
    const world = { ...outside, table: this.#table };
    this.#world = world;
    this.consumers = new DynamodbConsumers(world);
    this.capabilities = {
      name: 'dynamodb',
      durable: true,
      positionOnAppend: false,
      hasFeed: feed === 'on',
      listsStreams: false,
      noticesReusedIds: false,
      streamsPerAppendMax: 1,
      limits: { ...limits, appendEventsMax },
    };
    const events = new EventCache();
    const records = new LaneRecords(world, events);
    this.#log = new Log(world, (end) => this.#tell(end));
    const idleLanes = new IdleLanes(world, sealing);
    this.#sequencer = new Sequencer({ world, log: this.#log, records, idleLanes });
    this.#feedSource = { world, records, events, log: this.#log, sequencer: this.#sequencer };
    const onRecord: LaneWriterOptions['onRecord'] = ({ place, entries, items }) => {
      records.learnOwn(place.lane, { number: place.record, entries, seals: false });
      for (const item of items) events.learn(item);
      this.#sequencer.soon(place);
    };
    const isAwaited = () => [...this.#listeners.values()].some((interest) => interest.isAwaited());
    if (feed === 'on') {
      this.#writer = new LaneWriter({ world, heads: this.#heads, onRecord, onLaneEnd: (lane) => records.disown(lane) });
      this.#tailer = new Tailer({
        world,
        isAwaited,
        look: () => this.#sequencer.look(),
        pace: { msMin: 20, msMax: 500 },
      });
    } else {
      this.#writer = new PlainWriter({ world, heads: this.#heads, onStored: () => this.#tell(0) });
      this.#tailer = new Tailer({
        world,
        isAwaited,
        look: () => this.#tellBlindly(),
        pace: { msMin: 1_000, msMax: 1_000 },
      });
    }
  }

  #tell(position: number): void {
    for (const listener of this.#listeners.keys()) listener(position);
  }

  /** Without a feed nothing shows what others append, so whoever waits is told to look. */
  async #tellBlindly(): Promise<'nothing'> {
    this.#tell(0);
    return 'nothing';
  }

  async append({ streams }: AppendRequest): Promise<AppendResult> {
    const [append, ...others] = streams;
    assert(append !== undefined, 'an append names a stream');
    if (others.length > 0) throw new EventStoreError('not-supported', 'An append goes to one stream at a time.');
    this.#appends++;
    const ticket = new AppendTicket();
    const { clock } = this.#world;
    return ticket.waitFor(this.#writer.append(append, ticket), { clock, waitMsMax: appendWaitMsMax });
  }

  readStream(request: ReadStreamRequest): AsyncIterable<Batch> {
    this.#tailer.wake();
    return readStream(this.#world, request, this.#heads.get(request.streamId)?.version);
  }

  readFeed(request: ReadFeedRequest): AsyncIterable<FeedBatch> {
    if (!this.capabilities.hasFeed) throw feedIsOff();
    this.#tailer.wake();
    return readFeed(this.#feedSource, request);
  }

  async streamVersion(streamId: StreamId): Promise<number> {
    this.#tailer.wake();
    return (await readHead(this.#world, streamId)).version;
  }

  async feedEnd(): Promise<number> {
    if (!this.capabilities.hasFeed) throw feedIsOff();
    this.#tailer.wake();
    await this.#sequencer.catchUp();
    return this.#log.end;
  }

  async listStreams(): Promise<readonly StreamSummary[]> {
    throw new EventStoreError(
      'not-supported',
      'Listing streams needs a scan of the whole table, which DynamoDB bills.',
    );
  }

  /** With the feed off, positions are not known, and listeners are told 0. */
  onCommit(listener: CommitListener, interest: CommitInterest = { isAwaited: () => true }): Unsubscribe {
    const added: CommitListener = (position) => listener(position);
    this.#listeners.set(added, interest);
    this.#tailer.wake();
    return () => void this.#listeners.delete(added);
  }

  health(): EngineHealth {
    return this.#table.health();
  }

  /**
   * `appends`: asked for; `feedEnd`: the last position known; `pagesWon`, `pagesLost`: pages of the
   * log that this instance put, or found put by another.
   */
  statistics(): Readonly<Record<string, number>> {
    const { pagesWon, pagesLost } = this.#sequencer;
    return { appends: this.#appends, feedEnd: this.#log.end, pagesWon, pagesLost };
  }

  /** Appends finish, the feed gets them, the lanes are sealed, all as far as DynamoDB answers in time. */
  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#writer.close();
    const looking = this.#tailer.close();
    const sequencing = this.capabilities.hasFeed ? this.#sequencer.close() : undefined;
    await Promise.race([Promise.all([looking, sequencing]), pause(this.#world, sequenceMsMax)]);
  }
}

function feedIsOff(): EventStoreError {
  return new EventStoreError('not-supported', 'The feed is off (EVENT_STORE_FEED=off).');
}
