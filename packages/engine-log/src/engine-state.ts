/** Whether the engine accepts appends, and if not, why: ready, full until there is room, or read-only for good. */
import { type Clock, type EngineHealth, type EngineObserver, EventStoreError, type Timer } from '@event-store/core';

export interface EngineStateOptions {
  readonly clock: Clock;
  readonly observer: EngineObserver;
  /** Tries whether the disk takes something again. */
  readonly hasRoom: () => Promise<boolean>;
}

/** How often a full disk is asked for room. */
const probeDelayMs = 400;

export class EngineState {
  readonly #options: EngineStateOptions;
  #health: EngineHealth = { state: 'ready' };
  #probe: Timer | undefined;
  #isClosing = false;

  constructor(options: EngineStateOptions) {
    this.#options = options;
  }

  get health(): EngineHealth {
    return this.#health;
  }

  /** Whether something failed for good, so that the end of the log on disk is not known. */
  get isReadOnly(): boolean {
    return this.#health.state === 'read-only';
  }

  /** @throws EventStoreError `draining` or `read-only`. On a full disk an append is tried all the same. */
  checkAccepting(): void {
    if (this.#isClosing)
      throw new EventStoreError('draining', 'The store is closing; send the request to another instance or later.');
    if (this.#health.state === 'read-only') throw new EventStoreError('read-only', this.#health.reason);
  }

  ready(): void {
    if (this.#health.state !== 'full') return;
    this.#health = { state: 'ready' };
    this.#options.observer.notice?.({ level: 'info', message: 'The disk has room again; appends are accepted.' });
  }

  full(): void {
    if (this.#health.state !== 'ready') return;
    const reason = 'The disk is full: appends are refused until there is room, reads go on.';
    this.#health = { state: 'full', reason };
    this.#options.observer.notice?.({ level: 'error', message: reason });
    this.#probeLater();
  }

  readOnly(reason: string): void {
    if (this.isReadOnly) return;
    this.#health = { state: 'read-only', reason };
    this.#options.observer.notice?.({ level: 'error', message: reason });
  }

  close(): void {
    this.#isClosing = true;
    this.#probe?.cancel();
  }

  #probeLater(): void {
    this.#probe = this.#options.clock.after(probeDelayMs, async () => {
      if (this.#health.state !== 'full' || this.#isClosing) return;
      if (await this.#options.hasRoom()) this.ready();
      else this.#probeLater();
    });
  }
}
