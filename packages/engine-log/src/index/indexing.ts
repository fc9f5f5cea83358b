/**
 * Keeps the index close behind the log: asks the indexer to go on every second or every few
 * megabytes, drops what it covers from memory, and holds appends back when it lags too far.
 */
import { type Clock, EventStoreError, type Timer } from '@event-store/core';
import type { RecentEvents } from '../append/recent-events.ts';
import { isDiskFull } from '../file-system.ts';
import type { LogEnd } from '../format/head-file.ts';
import type { SegmentList } from '../segment/segment-list.ts';
import type { Indexer, IndexReader } from './log-index.ts';

export interface IndexingOptions {
  readonly clock: Clock;
  readonly indexer: Indexer;
  readonly reader: IndexReader;
  readonly recent: RecentEvents;
  readonly segments: SegmentList;
  readonly durable: () => LogEnd;
  /** Called when the index cannot be written any more. */
  readonly failed: (error: unknown) => void;
}

const delayMsMax = 1_000;
/** Events behind the index that make it go on at once, and that make appends wait. */
const dueEvents = 20_000;
const lagEventsMax = 100_000;

export class Indexing {
  readonly #options: IndexingOptions;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #waiting: (() => void)[] = [];
  /** Whether the last attempt found the disk full. */
  #isFull = false;
  #isStopped = false;

  constructor(options: IndexingOptions) {
    this.#options = options;
  }

  /** Events that are durable and not in the index. */
  get lagEvents(): number {
    return this.#options.durable().position - (this.#options.indexer.covered?.position ?? 0);
  }

  /** To be called after each commit. */
  committed(): void {
    if (this.#running !== undefined || this.#isStopped) return;
    if (this.lagEvents >= dueEvents && !this.#isFull) this.#start();
    else this.#timer ??= this.#options.clock.after(delayMsMax, () => this.#start());
  }

  /**
   * Fulfils when the index is not too far behind, or will not move any more.
   *
   * @throws EventStoreError `disk-full` when it is, and there is no room for it.
   */
  async room(): Promise<void> {
    while (this.lagEvents >= lagEventsMax && !this.#isStopped) {
      if (this.#isFull)
        throw new EventStoreError('disk-full', 'The disk has no room for the index; nothing was stored.');
      this.committed();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Tries to let the index cover everything that is durable now; returns whether it does. */
  async catchUp(): Promise<boolean> {
    const { position } = this.#options.durable();
    const isBehind = () => (this.#options.indexer.covered?.position ?? 0) < position;
    await this.#running;
    if (isBehind() && !this.#isStopped) await this.#advance();
    return !isBehind();
  }

  async close(): Promise<void> {
    await this.catchUp();
    this.#stop();
    await this.#options.reader.close();
    await this.#options.indexer.close();
  }

  #start(): void {
    void this.#advance();
  }

  #advance(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.lagEvents > 0) this.committed();
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    const { indexer, reader, recent, segments, durable } = this.#options;
    const end = durable();
    const from = segments.holding(indexer.covered?.position ?? 0).firstPosition;
    recent.seal();
    try {
      await indexer.advance(
        end,
        segments.all.filter(({ firstPosition }) => firstPosition >= from),
      );
    } catch (error) {
      return this.#fail(error);
    }
    this.#isFull = false;
    reader.refresh();
    recent.drop(end.position);
    this.#release();
  }

  /** A full disk is tried again after a while; anything else needs a restart, which builds the index anew. */
  #fail(error: unknown): void {
    const { clock, failed } = this.#options;
    if (isDiskFull(error)) {
      this.#isFull = true;
      this.#timer ??= clock.after(delayMsMax, () => this.#start());
      this.#release();
      return;
    }
    failed(error);
    this.#stop();
  }

  #stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#release();
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
