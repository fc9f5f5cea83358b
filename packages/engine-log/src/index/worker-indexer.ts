/** The indexer in a thread of its own, as the serving thread sees it. */
import { Worker } from 'node:worker_threads';
import { assert } from '@event-store/core';
import type { LogEnd } from '../format/head-file.ts';
import { DamagedLog } from '../segment/log-cursor.ts';
import type { Segment } from '../segment/segment-list.ts';
import type { IndexAnswer, IndexFailure, IndexRequest, IndexThreadData } from './index-messages.ts';
import type { Indexer } from './log-index.ts';

/** What the thread makes is garbage a moment later; room for more of it would only be memory that is held. */
const youngGenerationMbMax = 8;

interface Pending {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class WorkerIndexer implements Indexer {
  readonly #worker: Worker;
  readonly #progress: (position: number) => void;
  #covered: LogEnd | undefined;
  #lostThrough = 0;
  #pending: Pending | undefined;
  /** Why the thread is gone. */
  #ended: unknown;

  private constructor(data: IndexThreadData, progress: (position: number) => void) {
    this.#progress = progress;
    this.#worker = new Worker(new URL('./index-thread.ts', import.meta.url), {
      workerData: data,
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMbMax },
    });
    this.#worker.on('message', (answer: IndexAnswer) => this.#receive(answer));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end(new Error('the index thread has ended')));
  }

  /** Starts the thread; fulfils when it has opened the index, rejects when it cannot. */
  static async start(data: IndexThreadData, progress: (position: number) => void): Promise<WorkerIndexer> {
    const indexer = new WorkerIndexer(data, progress);
    try {
      await indexer.#answered();
    } catch (error) {
      await indexer.#worker.terminate();
      throw error;
    }
    return indexer;
  }

  get covered(): LogEnd | undefined {
    return this.#covered;
  }

  get lostThrough(): number {
    return this.#lostThrough;
  }

  advance(end: LogEnd, segments: readonly Segment[]): Promise<void> {
    return this.#ask({ kind: 'advance', end, segments });
  }

  clear(): Promise<void> {
    return this.#ask({ kind: 'clear' });
  }

  async close(): Promise<void> {
    if (this.#ended === undefined) await this.#ask({ kind: 'close' });
    await this.#worker.terminate();
  }

  #ask(request: IndexRequest): Promise<void> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    this.#worker.postMessage(request);
    return this.#answered();
  }

  #answered(): Promise<void> {
    assert(this.#pending === undefined, 'the index thread is asked one thing at a time');
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
    });
  }

  #receive(answer: IndexAnswer): void {
    if (answer.kind === 'progress') {
      this.#progress(answer.position);
      return;
    }
    const pending = this.#pending;
    this.#pending = undefined;
    if (answer.kind === 'failed') {
      pending?.reject(errorOf(answer));
      return;
    }
    this.#covered = answer.covered;
    this.#lostThrough = answer.lostThrough;
    pending?.resolve();
  }

  #end(reason: unknown): void {
    this.#ended ??= reason;
    this.#pending?.reject(reason);
    this.#pending = undefined;
  }
}

function errorOf({ message, code, damage }: IndexFailure): Error {
  return damage === undefined ? Object.assign(new Error(message), { code }) : new DamagedLog(damage);
}
