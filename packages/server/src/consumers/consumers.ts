/** The durable consumers of the store: made, found, moved on and removed. */
import {
  type CheckpointMove,
  type Clock,
  type ConsumerDefinition,
  type ConsumerName,
  EventStoreError,
  limits,
  type Partition,
  type StorageEngine,
} from '@event-store/core';
import type { ConsumerFigures, Metrics } from '../observability/metrics.ts';
import type { StoreAccess } from '../store-access.ts';
import { ConsumerChanges } from './consumer-changes.ts';
import {
  type ConsumerState,
  decodeConsumer,
  isSameDefinition,
  moveCheckpoint,
  newConsumer,
  positionOf,
} from './consumer-state.ts';

export interface NamedConsumer {
  readonly name: ConsumerName;
  readonly state: ConsumerState;
}

export interface ConsumersOptions {
  readonly store: StoreAccess;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Never the same twice. */
  readonly newEpoch: () => string;
  /** A position that the feed is known to have. */
  readonly knownPosition: () => number;
}

export class Consumers {
  readonly #options: ConsumersOptions;
  readonly #changes = new ConsumerChanges();
  #creating: Promise<unknown> = Promise.resolve();

  constructor(options: ConsumersOptions) {
    this.#options = options;
  }

  /** @throws EventStoreError `consumer-not-found`. */
  async get(name: ConsumerName): Promise<ConsumerState> {
    const record = await withFeed(this.#options.store.engine).consumers.read(name);
    return existing(record && decodeConsumer(record.state), name);
  }

  /** In the order of their names. */
  async list(request: { after: string; limit: number }): Promise<readonly NamedConsumer[]> {
    const records = await withFeed(this.#options.store.engine).consumers.list(request);
    return records.map(({ name, state }) => ({ name, state: decodeConsumer(state) }));
  }

  /**
   * Makes a consumer, or finds that it is there already.
   *
   * @throws EventStoreError `consumer-exists`, `cursor-ahead`, `too-many-consumers`.
   */
  create(name: ConsumerName, definition: ConsumerDefinition): Promise<{ state: ConsumerState; isNew: boolean }> {
    // One at a time, so that they are counted right.
    const created = this.#creating.then(() => this.#create(name, definition));
    this.#creating = created.catch(() => undefined);
    return created;
  }

  async #create(name: ConsumerName, definition: ConsumerDefinition) {
    const { clock, newEpoch } = this.#options;
    const engine = this.#acceptingEngine();
    let position = 0;
    if ((await engine.consumers.read(name)) === undefined) {
      await checkRoom(engine);
      position = await this.#startOf(engine, definition);
    }
    let isNew = false;
    const state = await this.#changes.make(engine.consumers, name, (there) => {
      isNew = there === undefined;
      if (there === undefined) return newConsumer(definition, { epoch: newEpoch(), position, nowMs: clock.now() });
      if (isSameDefinition(there.definition, definition)) return there;
      const text = `The consumer "${name}" has another start, other types or another streamPrefix. Remove it first, or choose another name.`;
      throw new EventStoreError('consumer-exists', text);
    });
    return { state: existing(state, name), isNew };
  }

  /**
   * Moves a checkpoint.
   *
   * @throws EventStoreError `consumer-not-found`, `cursor-ahead`, `checkpoint-conflict`.
   */
  async move(name: ConsumerName, move: CheckpointMove, partition: Partition): Promise<ConsumerState> {
    const { clock, newEpoch, metrics } = this.#options;
    const engine = this.#acceptingEngine();
    await this.#checkNotAhead(engine, move.position);
    const context = { partition, nowMs: clock.now(), newEpoch: newEpoch() };
    const moved = (there: ConsumerState | undefined) => moveCheckpoint(existing(there, name), move, context);
    const state = existing(await this.#changes.make(engine.consumers, name, moved), name);
    metrics.checkpointMoved();
    return state;
  }

  /** @throws EventStoreError `consumer-not-found`. */
  async remove(name: ConsumerName): Promise<void> {
    const { consumers } = this.#acceptingEngine();
    await this.#changes.make(consumers, name, (there) => {
      existing(there, name);
      return undefined;
    });
  }

  /** For operators; `undefined` where they cannot be read, which whoever uses them is told. */
  async figures(): Promise<readonly ConsumerFigures[] | undefined> {
    const { engine } = this.#options.store;
    if (!engine.capabilities.hasFeed) return [];
    try {
      const all = await this.list({ after: '', limit: limits.consumersMax });
      const end = all.length === 0 ? 0 : await engine.feedEnd();
      return all.map(({ name, state }) => {
        const movedMs = Math.max(...state.checkpoints.map((run) => run.movedMs));
        return { name, movedMs, lagEvents: Math.max(end - positionOf(state), 0) };
      });
    } catch (error) {
      if (error instanceof EventStoreError) return undefined;
      throw error;
    }
  }

  #acceptingEngine(): StorageEngine {
    return withFeed(this.#options.store.engineForAppends);
  }

  async #startOf(engine: StorageEngine, { start }: ConsumerDefinition): Promise<number> {
    if (start === 'beginning') return 0;
    if (start === 'end') return engine.feedEnd();
    await this.#checkNotAhead(engine, start);
    return start;
  }

  async #checkNotAhead(engine: StorageEngine, position: number): Promise<void> {
    if (position <= this.#options.knownPosition()) return;
    const end = await engine.feedEnd();
    if (position <= end) return;
    throw new EventStoreError('cursor-ahead', `The feed ends at position ${end}; ${position} is past it.`, {
      details: { position: end },
    });
  }
}

function withFeed(engine: StorageEngine): StorageEngine {
  if (engine.capabilities.hasFeed) return engine;
  throw new EventStoreError('not-supported', 'Consumers read the feed, and the feed of this store is off.');
}

function existing(state: ConsumerState | undefined, name: ConsumerName): ConsumerState {
  if (state !== undefined) return state;
  throw new EventStoreError('consumer-not-found', `There is no consumer "${name}".`);
}

async function checkRoom({ consumers }: StorageEngine): Promise<void> {
  const limit = limits.consumersMax;
  if ((await consumers.list({ after: '', limit })).length < limit) return;
  throw new EventStoreError('too-many-consumers', `A store has at most ${limit} consumers; remove one first.`, {
    details: { limit },
  });
}
