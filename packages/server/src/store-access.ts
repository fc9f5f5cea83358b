/**
 * The engine as the routes see it: not there while it is being opened, closed to appends while the
 * server stops. Readiness is what an operator may rely on; refusals say the same to clients.
 */
import { type EngineObserver, EventStoreError, type StorageEngine } from '@event-store/core';

type Progress = Parameters<NonNullable<EngineObserver['progress']>>[0];

type Readiness =
  | { readonly ready: true; readonly damage?: string }
  | {
      readonly ready: false;
      readonly reason: 'rebuilding' | 'draining' | 'read-only' | 'full' | 'unavailable';
      readonly detail: string;
      readonly progress?: Progress;
    };

export class StoreAccess {
  #engine: StorageEngine | undefined;
  #progress: Progress | undefined;
  #draining = false;

  opened(engine: StorageEngine): void {
    this.#engine = engine;
  }

  /** How far opening has come. */
  progressed(progress: Progress): void {
    this.#progress = progress;
  }

  drain(): void {
    this.#draining = true;
  }

  /** @throws EventStoreError `engine-unavailable` until the engine is open. */
  get engine(): StorageEngine {
    if (this.#engine !== undefined) return this.#engine;
    throw new EventStoreError('engine-unavailable', 'The store is still being opened; /-/health/ready tells how far.');
  }

  /** @throws EventStoreError `engine-unavailable` until the engine is open. */
  assertOpen(): void {
    void this.engine;
  }

  /** @throws EventStoreError `engine-unavailable`, and `draining` once the server stops. */
  get engineForAppends(): StorageEngine {
    if (this.#draining)
      throw new EventStoreError('draining', 'The server is stopping; send the append to another one.');
    return this.engine;
  }

  readiness(): Readiness {
    if (this.#draining) return { ready: false, reason: 'draining', detail: 'The server is stopping.' };
    if (this.#engine === undefined) {
      const opening = { ready: false, reason: 'rebuilding', detail: 'The store is being opened.' } as const;
      return this.#progress === undefined ? opening : { ...opening, progress: this.#progress };
    }
    const health = this.#engine.health();
    if (health.state === 'ready')
      return health.damage === undefined ? { ready: true } : { ready: true, damage: health.damage };
    return { ready: false, reason: health.state, detail: health.reason };
  }
}
