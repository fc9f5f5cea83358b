/**
 * Consumers as clients are shown them: what they are, where they are, and how far that is from the
 * end of the feed.
 */
import {
  type Clock,
  EventStoreError,
  type Partition,
  type StorageEngine,
  slotsOf,
  wholePartition,
} from '@event-store/core';
import { endOfRun, lowestOf, runsWithin } from './checkpoints.ts';
import type { NamedConsumer } from './consumers.ts';

/** How far a place is behind the end. */
interface Lag {
  readonly lagEvents: number;
  /** Since the first event that is not passed was stored; absent where that is not known. */
  readonly lagSeconds?: number;
}

const msPerSecond = 1_000;

export class ConsumerDescriptions {
  readonly #engine: StorageEngine;
  readonly #clock: Clock;
  readonly #end: number;
  readonly #lags = new Map<number, Promise<Lag>>();

  private constructor(engine: StorageEngine, clock: Clock, end: number) {
    this.#engine = engine;
    this.#clock = clock;
    this.#end = end;
  }

  /** For one answer: the end of the feed is that of this moment. */
  static async now(engine: StorageEngine, clock: Clock): Promise<ConsumerDescriptions> {
    return new ConsumerDescriptions(engine, clock, await engine.feedEnd());
  }

  /** A consumer, or one partition of it, with its checkpoints. */
  async whole(consumer: NamedConsumer, partition: Partition = wholePartition): Promise<object> {
    const slots = slotsOf(partition);
    const runs = runsWithin(consumer.state.checkpoints, slots);
    const checkpoints = runs.map(({ first, position, movedMs }, index) => ({
      slots: [first, endOfRun(runs, index, slots.end) - 1],
      position,
      movedAt: isoTime(movedMs),
    }));
    return { ...(await this.brief(consumer, partition)), checkpoints };
  }

  /** A consumer, or one partition of it. */
  async brief({ name, state }: NamedConsumer, partition: Partition = wholePartition): Promise<object> {
    const { definition, epoch, createdMs, checkpoints } = state;
    const runs = runsWithin(checkpoints, slotsOf(partition));
    const { position } = lowestOf(runs);
    const movedMs = Math.max(...runs.map((run) => run.movedMs));
    return {
      name,
      ...definition,
      epoch,
      createdAt: isoTime(createdMs),
      position,
      movedAt: isoTime(movedMs),
      ...(await this.lagAt(position)),
    };
  }

  /** How far a position is behind the end. */
  lagAt(position: number): Promise<Lag> {
    const known = this.#lags.get(position);
    if (known !== undefined) return known;
    const lag = this.#measure(position);
    this.#lags.set(position, lag);
    return lag;
  }

  async #measure(position: number): Promise<Lag> {
    const lagEvents = Math.max(this.#end - position, 0);
    if (lagEvents === 0) return { lagEvents, lagSeconds: 0 };
    const storedMs = await timeOfNext(this.#engine, position);
    if (storedMs === undefined) return { lagEvents };
    return { lagEvents, lagSeconds: Math.max(this.#clock.now() - storedMs, 0) / msPerSecond };
  }
}

/** When the first event behind a position was stored; `undefined` where it has no time or cannot be read. */
async function timeOfNext(engine: StorageEngine, position: number): Promise<number | undefined> {
  try {
    for await (const { lines, count } of engine.readFeed({ after: position, limit: 1 })) {
      if (count === 0) continue;
      const { time } = JSON.parse(Buffer.from(lines).toString('utf8')) as { readonly time?: string };
      return time === undefined ? undefined : Date.parse(time);
    }
  } catch (error) {
    if (!(error instanceof EventStoreError && error.code === 'event-corrupt')) throw error;
  }
  return undefined;
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
