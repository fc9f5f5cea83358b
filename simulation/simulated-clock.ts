/** A clock that stands still until it is told to go on; timers fire then, in the order in which they are due. */
import type { Clock, Timer } from '../packages/core/src/clock.ts';

interface DueTimer {
  readonly dueMs: number;
  readonly action: () => void;
}

export class SimulatedClock implements Clock {
  #elapsedMs = 0;
  readonly #startMs: number;
  readonly #timers = new Set<DueTimer>();

  constructor({ startMs }: { readonly startMs: number }) {
    this.#startMs = startMs;
  }

  now(): number {
    return this.#startMs + this.#elapsedMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  after(delayMs: number, action: () => void): Timer {
    const timer = { dueMs: this.#elapsedMs + delayMs, action };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  /** Lets time pass. What a timer starts in the background has not ended when this returns. */
  advance(durationMs: number): void {
    const endMs = this.#elapsedMs + durationMs;
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.#timers.delete(next);
      this.#elapsedMs = next.dueMs;
      next.action();
    }
    this.#elapsedMs = endMs;
  }

  #next(endMs: number): DueTimer | undefined {
    return [...this.#timers].filter(({ dueMs }) => dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}
