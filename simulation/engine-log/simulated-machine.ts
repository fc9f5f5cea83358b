/**
 * A machine that exists nowhere: a disk that can lose what was not synced, a clock that stands
 * still, an index in memory. One life of a process on it is one of these; the next life starts
 * with the disk that this one left.
 */
import type { EngineObserver, StorageEngine } from '@event-store/core';
import { openMemoryIndex } from '../../packages/engine-log/src/index/memory-index.ts';
import type { OpenIndex, OpenIndexOptions } from '../../packages/engine-log/src/index/open-index.ts';
import { openLogEngine } from '../../packages/engine-log/src/open-log-engine.ts';
import type { SimulatedDirectory } from '../file-system/simulated-directory.ts';
import { SimulatedFileSystem, type SimulatedFileSystemOptions } from '../file-system/simulated-file-system.ts';
import { SimulatedClock } from '../simulated-clock.ts';

const dataDirectory = '/data';

export interface SimulatedMachineOptions extends SimulatedFileSystemOptions {
  readonly segmentBytes?: number;
  /** Of a store that is made here. */
  readonly storeId?: string;
  readonly openIndex?: (options: OpenIndexOptions) => Promise<OpenIndex>;
  readonly lineCacheBytes?: number;
  readonly observer?: EngineObserver;
}

export class SimulatedMachine {
  readonly fileSystem: SimulatedFileSystem;
  readonly clock = new SimulatedClock({ startMs: Date.UTC(2026, 10, 23, 11, 40) });
  /** Whether some process holds the data directory. */
  isLocked = false;
  readonly #options: SimulatedMachineOptions;

  constructor(options: SimulatedMachineOptions = {}) {
    this.#options = options;
    this.fileSystem = new SimulatedFileSystem(options);
  }

  /** Opens the store; small segments unless told otherwise. */
  open(): Promise<StorageEngine> {
    const {
      segmentBytes = 1_000,
      storeId = 'store-of-the-simulation',
      observer = {},
      openIndex = openMemoryIndex,
      lineCacheBytes,
    } = this.#options;
    return openLogEngine(
      { directory: dataDirectory, segmentBytes, observer, ...(lineCacheBytes !== undefined && { lineCacheBytes }) },
      {
        fileSystem: this.fileSystem,
        clock: this.clock,
        defer: queueMicrotask,
        newStoreId: () => storeId,
        openIndex,
        lock: async () => {
          this.isLocked = true;
          return {
            release: () => {
              this.isLocked = false;
            },
          };
        },
      },
    );
  }

  /** Lets time pass, and everything end that it starts. */
  async pass(durationMs: number): Promise<void> {
    this.clock.advance(durationMs);
    await settled();
  }
}

/** The next life of a disk. */
export function machineOn(state: SimulatedDirectory, options: SimulatedMachineOptions = {}): SimulatedMachine {
  return new SimulatedMachine({ ...options, state });
}

/** Fulfils when everything has ended that does not wait for time to pass: nothing simulated takes longer than that. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
