/**
 * A store in real processes under a recorded workload: it lives, ends in some way, lives again on
 * the same data, and in the end everything heals and the whole history is checked.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StoreCommand, type StoreProcess, startStore } from '../../scripts/store-process.ts';
import { embeddedClaims, expectNoFinding } from '../checker/check-history.ts';
import { type AppendAnswer, encodeHistory } from '../checker/history.ts';
import { whyVoid } from '../checker/why-void.ts';
import { readStored } from '../workload/read-stored.ts';
import { Workload } from '../workload/workload.ts';
import type { Trial, TrialResult } from './part.ts';

export interface CheckedStoreOptions {
  readonly trial: Trial;
  readonly clients: number;
  readonly subscribers: number;
  readonly operations?: number;
  /** Where the data directory is to be; a directory of its own if not given. */
  readonly directory?: string;
  /** How a store gets to run; in a process of its own if not given. */
  readonly launch?: (launch: Launch) => Promise<RunningStore>;
}

export interface Launch extends Start {
  readonly data: string;
  readonly segmentBytes: number;
}

/** A store that serves. */
export interface RunningStore {
  readonly url: string;
  readonly processId?: number;
  readonly ended: Promise<unknown>;
  end(signal: NodeJS.Signals): Promise<unknown>;
}

/** How the store is started, if not simply. */
export type Start = Pick<StoreCommand, 'launcher' | 'environment'>;

/** Small, so that segments end often. */
const segmentBytes = 64 * 1024;

export class CheckedStore {
  readonly workload: Workload;
  readonly #trial: Trial;
  readonly #data: string;
  readonly #launch: (launch: Launch) => Promise<RunningStore>;
  #running: RunningStore | undefined;
  #starting: Promise<RunningStore> | undefined;
  #isGivenUp = false;
  #hasEnded = false;
  #startedMs = 0;

  constructor(options: CheckedStoreOptions) {
    const { trial, clients, subscribers, operations = Number.POSITIVE_INFINITY, directory } = options;
    const { seed, clock } = trial;
    this.#launch = options.launch ?? launchProcess;
    this.#trial = trial;
    this.#data = join(directory ?? temporaryDirectory(trial), 'data');
    this.workload = new Workload({ seed, clients, subscribers, operations, clock });
    this.workload.start();
    trial.defer(() => this.#giveUp());
  }

  /** Starts the store and lets the workload at it; rejects if it ends before it is ready. */
  async start(start: Start = {}): Promise<RunningStore> {
    if (this.#isGivenUp) throw new Error('the trial is over');
    this.#starting = this.#launch({ ...start, data: this.#data, segmentBytes });
    const store = await this.#starting;
    this.#running = store;
    this.#hasEnded = false;
    this.#startedMs = this.workload.recorder.nowMs();
    void store.ended.then(() => {
      if (this.#running === store) this.#hasEnded = true;
    });
    this.workload.location.up(store.url);
    return store;
  }

  /** Whether the store that was started last was ready so long ago. */
  isOlderThan(durationMs: number): boolean {
    return this.workload.recorder.nowMs() - this.#startedMs > durationMs;
  }

  /** Whether the store that was started last has ended. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const ended = this.#running?.end(signal);
    this.workload.location.down();
    await ended;
  }

  /** Fulfils when the workload has done so many operations more, or all that it is to do. */
  async operate(count: number): Promise<void> {
    const enough = this.workload.done + count;
    await this.until(() => this.workload.done >= enough);
  }

  /** Fulfils when something is so, or the workload is over. */
  async until(isSo: () => boolean): Promise<void> {
    let isOver = false;
    const finished = this.workload.finished().finally(() => {
      isOver = true;
    });
    await Promise.race([finished, this.#poll(() => isSo() || isOver)]);
  }

  /** Whether an append that was invoked since then was answered in this way. */
  hasAnswered(outcome: AppendAnswer['outcome'], { code, sinceMs }: { code?: string; sinceMs: number }): boolean {
    const last = this.workload.recorder.history.findLast(
      (each) =>
        each.kind === 'append' &&
        each.answer.outcome === outcome &&
        (each.answer.outcome !== 'rejected' || code === undefined || each.answer.code === code),
    );
    return last?.kind === 'append' && last.invokedMs > sinceMs;
  }

  /** Fulfils after some time, or when the store has ended by itself, or the workload is over. */
  async pass(delayMs: number): Promise<void> {
    await Promise.race([this.#wait(delayMs), this.#running?.ended, this.workload.finished()]);
  }

  /** Heals everything, lets everybody come to the end, restarts once more, and checks all that was told. */
  async finish(): Promise<TrialResult> {
    const { workload } = this;
    const { recorder } = workload;
    const { url } = await this.start();
    await workload.stop();
    recorder.add({ kind: 'healed', atMs: recorder.nowMs() });
    await workload.catchUp(await readStored(url, 'healed', recorder), this.#wait(embeddedClaims.catchUpMsMax));
    await this.end('SIGTERM');
    const again = await this.start();
    await readStored(again.url, 'restarted', recorder);
    await this.end('SIGTERM');
    this.#check();
    const { operations, contended, history } = recorder;
    const figures = { operations: operations.done, conflicts: contended.conflicts, records: history.length };
    return { done: operations.done, figures };
  }

  /** A trial that is broken off may just be starting a store, which nobody else would end. */
  async #giveUp(): Promise<void> {
    this.#isGivenUp = true;
    const store = await this.#starting?.catch(() => undefined);
    await store?.end('SIGKILL');
  }

  #check(): void {
    const { history } = this.workload.recorder;
    try {
      expectNoFinding(history);
    } catch (error) {
      const file = join(tmpdir(), `event-store-history-${this.#trial.seed}.ndjson`);
      writeFileSync(file, encodeHistory(history));
      throw new Error(`the history is in ${file}`, { cause: error });
    }
    const reason = whyVoid(this.workload.recorder);
    if (reason !== undefined) throw new Error(`void: ${reason}`);
  }

  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#trial.clock.after(delayMs, resolve);
    });
  }

  async #poll(isSo: () => boolean): Promise<void> {
    while (!isSo()) await this.#wait(pollMs);
  }
}

function launchProcess({ data, segmentBytes, launcher = [], environment = {} }: Launch): Promise<StoreProcess> {
  const args = ['serve', '--port', '0', '--data', data, '--segment-bytes', `${segmentBytes}`];
  return startStore({ args, launcher, environment: { ...environment, ...compiled } });
}

const pollMs = 5;

/** A store starts in half the time when what its sources are compiled to is kept. */
const compiled = { NODE_COMPILE_CACHE: 'node_modules/.cache/compiled' };

export function temporaryDirectory({ defer }: Trial): string {
  const directory = mkdtempSync(join(tmpdir(), 'event-store-torture-'));
  defer(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
