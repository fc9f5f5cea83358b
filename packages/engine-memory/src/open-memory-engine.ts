import { type Clock, type EngineObserver, type StorageEngine, systemClock } from '@event-store/core';
import { MemoryEngine } from './memory-engine.ts';

/** What the memory engine takes from outside; it has no other setting. */
export interface MemoryEngineOptions {
  readonly clock?: Clock;
  readonly observer?: EngineObserver;
}

/** Opens an empty store that lives as long as the process: the reference for every other engine. */
export function openMemoryEngine({ clock = systemClock, observer = {} }: MemoryEngineOptions = {}): StorageEngine {
  return new MemoryEngine({ clock, observer });
}
