/**
 * The records of durable consumers: decided against everything accepted so far, answered once they
 * are durable, and read as they are durable. What arrives while a group is synced makes the next.
 */
import {
  type Clock,
  type ConsumerChange,
  type ConsumerName,
  type ConsumerRecord,
  type ConsumerStore,
  type ConsumerWritten,
  compareUtf8,
  type Timer,
} from '@event-store/core';
import { isRefusedAsFull, notWritten, outcomeUnknown } from '../failed-write.ts';
import type { ConsumerEntry } from '../format/consumer-line.ts';
import type { ConsumerFile } from './consumer-file.ts';

export interface LogConsumersOptions {
  readonly clock: Clock;
  readonly file: ConsumerFile;
  readonly entries: Iterable<ConsumerEntry>;
  /** The highest revision that was given. */
  readonly revision: number;
  readonly defer: (action: () => void) => void;
  /** Throws while nothing may be written. */
  readonly checkAccepting: () => void;
  readonly failed: (error: unknown) => void;
}

/** A group that waits for the disk. */
interface Group {
  readonly entries: ConsumerEntry[];
  readonly settled: PromiseWithResolvers<void>;
}

/** As long as `head` is behind at most, the last change is too. */
const markDelayMs = 50;

export class LogConsumers implements ConsumerStore {
  readonly #options: LogConsumersOptions;
  #accepted = new Map<string, ConsumerEntry>();
  readonly #durable = new Map<string, ConsumerEntry>();
  #revision: number;
  #next: Group | undefined;
  #underWay: Group | undefined;
  #running: Promise<void> | undefined;
  #markTimer: Timer | undefined;
  #hasFailed = false;

  constructor(options: LogConsumersOptions) {
    this.#options = options;
    this.#revision = options.revision;
    for (const entry of options.entries) if (entry.state !== undefined) this.#durable.set(entry.name, entry);
    this.#accepted = new Map(this.#durable);
  }

  async read(name: ConsumerName): Promise<ConsumerRecord | undefined> {
    return recordOf(this.#durable.get(name));
  }

  async write({ name, expectedRevision, state }: ConsumerChange): Promise<ConsumerWritten> {
    this.#options.checkAccepting();
    if ((recordOf(this.#accepted.get(name))?.revision ?? 0) !== expectedRevision) {
      await (this.#next ?? this.#underWay)?.settled.promise;
      return { outcome: 'conflict', current: await this.read(name) };
    }
    const entry = { name, revision: ++this.#revision, state };
    this.#accepted.set(name, entry);
    this.#next ??= newGroup();
    this.#next.entries.push(entry);
    const { promise } = this.#next.settled;
    this.#running ??= this.#run();
    await promise;
    return { outcome: 'written' };
  }

  async list({ after, limit }: { after: string; limit: number }): Promise<readonly ConsumerRecord[]> {
    return [...this.#durable.values()]
      .filter(({ name }) => compareUtf8(name, after) > 0)
      .sort((a, b) => compareUtf8(a.name, b.name))
      .slice(0, limit)
      .map(recordOf)
      .filter((record) => record !== undefined);
  }

  /** What was accepted is written, and the file says that it is whole. */
  async close(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
    this.#markTimer?.cancel();
    try {
      await this.#mark();
    } finally {
      await this.#options.file.close();
    }
  }

  async #run(): Promise<void> {
    await new Promise<void>((resolve) => this.#options.defer(resolve));
    for (let group = this.#next; group !== undefined; group = this.#next) {
      this.#underWay = group;
      this.#next = undefined;
      try {
        await this.#store(group);
      } catch (error) {
        this.#refuse(group, error);
        continue;
      }
      for (const entry of group.entries) keep(this.#durable, entry);
      group.settled.resolve();
    }
    this.#underWay = undefined;
    this.#running = undefined;
    if (!this.#hasFailed) this.#markLater();
  }

  async #store({ entries }: Group): Promise<void> {
    const { file } = this.#options;
    if (file.isDue) {
      const revision = (entries[0]?.revision ?? 1) - 1;
      // A file that is there and cannot be made smaller can perhaps still be made longer.
      await file.rewrite([...this.#durable.values()], revision).catch((error: unknown) => {
        if (!file.exists || !isRefusedAsFull(error)) throw error;
      });
    }
    await file.append(entries);
  }

  /** Nothing of the group, nor of what was decided on top of it, became durable. */
  #refuse(first: Group, error: unknown): void {
    const others = this.#next;
    this.#next = undefined;
    this.#accepted = new Map(this.#durable);
    const isFinal = !isRefusedAsFull(error);
    if (isFinal) {
      this.#hasFailed = true;
      this.#options.failed(error);
    }
    first.settled.reject(isFinal ? outcomeUnknown('consumer', error) : error);
    others?.settled.reject(isFinal ? notWritten('consumer', error) : error);
  }

  #markLater(): void {
    this.#markTimer?.cancel();
    this.#markTimer = this.#options.clock.after(markDelayMs, () => {
      if (this.#running !== undefined) return;
      this.#running = this.#mark()
        .catch((error: unknown) => {
          this.#hasFailed = true;
          this.#options.failed(error);
        })
        .then(() => {
          this.#running = this.#next === undefined ? undefined : this.#run();
        });
    });
  }

  /** On a full disk the file goes without. */
  async #mark(): Promise<void> {
    if (this.#hasFailed || !this.#options.file.isUnmarked) return;
    await this.#options.file.mark().catch((error: unknown) => {
      if (!isRefusedAsFull(error)) throw error;
    });
  }
}

function newGroup(): Group {
  const settled = Promise.withResolvers<void>();
  // Whoever waits is told; a group nobody waits for any more is not an unhandled mishap.
  settled.promise.catch(() => undefined);
  return { entries: [], settled };
}

function keep(entries: Map<string, ConsumerEntry>, entry: ConsumerEntry): void {
  if (entry.state === undefined) entries.delete(entry.name);
  else entries.set(entry.name, entry);
}

function recordOf(entry: ConsumerEntry | undefined): ConsumerRecord | undefined {
  if (entry?.state === undefined) return undefined;
  return { name: entry.name as ConsumerName, revision: entry.revision, state: entry.state };
}
