/**
 * Passes requests on to the table and notes whether it answers. Whoever asks for the engine's
 * health makes it ask the table when nothing else did of late, so an instance that gets no requests
 * notices an outage, and that it is over.
 */
import type { EngineHealth } from '@event-store/core';
import { laneRegistryPartition } from './items/lane-registry.ts';
import type { Item, PutAttempt, QueryPage, ReplaceAttempt, Table, TableQuery, TransactionAttempt } from './table.ts';
import type { World } from './world.ts';

/** A table that did not answer for so long is said to be out of reach; requests are still tried. */
const silentMsMax = 5_000;

/** An answer so old says nothing about now. */
const answerMsMax = 3_000;

/** Asks as little as there is to ask. */
const probe: TableQuery = {
  partition: laneRegistryPartition,
  from: 1,
  direction: 'forward',
  limit: 1,
  consistency: 'eventual',
};

export class WatchedTable implements Table {
  readonly #table: Table;
  readonly #clock: World['clock'];
  #answeredMs: number;
  /** When the first request failed after the last answer, and why the last one did. */
  #silence: { readonly sinceMs: number; readonly why: string } | undefined;
  #isProbing = false;

  constructor({ table, clock }: Pick<World, 'table' | 'clock'>) {
    this.#table = table;
    this.#clock = clock;
    this.#answeredMs = clock.monotonicMs();
  }

  health(): EngineHealth {
    const nowMs = this.#clock.monotonicMs();
    if (this.#silence !== undefined || nowMs - this.#answeredMs > answerMsMax) void this.#probe();
    if (this.#silence === undefined || nowMs - this.#silence.sinceMs < silentMsMax) return { state: 'ready' };
    const seconds = Math.round((nowMs - this.#silence.sinceMs) / 1_000);
    const reason = `DynamoDB has not answered for ${seconds} s (${this.#silence.why}); requests are still tried.`;
    return { state: 'unavailable', reason };
  }

  async put(item: Item): Promise<PutAttempt> {
    return this.#noted(await this.#table.put(item));
  }

  async replace(item: Item, revision: number): Promise<ReplaceAttempt> {
    return this.#noted(await this.#table.replace(item, revision));
  }

  async transactPut(items: readonly Item[], token: string): Promise<TransactionAttempt> {
    return this.#noted(await this.#table.transactPut(items, token));
  }

  async query(query: TableQuery): Promise<QueryPage> {
    try {
      const page = await this.#table.query(query);
      this.#answered();
      return page;
    } catch (failure) {
      this.#failed(failure instanceof Error ? failure.message : String(failure));
      throw failure;
    }
  }

  #noted<Attempt extends ReplaceAttempt | TransactionAttempt>(attempt: Attempt): Attempt {
    if (attempt.outcome === 'unknown') this.#failed('time-outs or server errors');
    else if (attempt.outcome === 'denied') this.#failed(String(attempt.cause));
    else this.#answered();
    return attempt;
  }

  #answered(): void {
    this.#answeredMs = this.#clock.monotonicMs();
    this.#silence = undefined;
  }

  #failed(why: string): void {
    this.#silence = { sinceMs: this.#silence?.sinceMs ?? this.#clock.monotonicMs(), why };
  }

  /** One at a time; what it finds is noted like any other answer. */
  async #probe(): Promise<void> {
    if (this.#isProbing) return;
    this.#isProbing = true;
    await this.query(probe).catch(() => undefined);
    this.#isProbing = false;
  }
}
