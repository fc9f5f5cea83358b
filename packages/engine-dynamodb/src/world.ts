/** What the engine needs from outside, given to it once: the table, time, chance and somebody to tell. */
import type { Clock, EngineObserver } from '@event-store/core';
import type { Table } from './table.ts';

export interface World {
  readonly table: Table;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly observer: EngineObserver;
}

export interface RandomSource {
  /** Never the same twice, in any process. */
  nonce(): string;
  /** From 0 to 1, for jitter. */
  fraction(): number;
}

export function pause({ clock }: Pick<World, 'clock'>, delayMs: number): Promise<void> {
  return new Promise((resolve) => void clock.after(delayMs, resolve));
}

/** Waits longer after each failure, by a random part of the time, so that rivals part company. */
export class Backoff {
  readonly #world: World;
  readonly #limitMs: number;
  #delayMs: number;

  constructor(world: World, { firstMs, limitMs }: { firstMs: number; limitMs: number }) {
    this.#world = world;
    this.#delayMs = firstMs;
    this.#limitMs = limitMs;
  }

  wait(): Promise<void> {
    const delayMs = this.#delayMs * (0.5 + this.#world.random.fraction());
    this.#delayMs = Math.min(this.#limitMs, this.#delayMs * 2);
    return pause(this.#world, delayMs);
  }
}
