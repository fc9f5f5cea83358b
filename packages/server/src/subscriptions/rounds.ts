/**
 * When readers that wait look again. After a commit all of them do, in a round; what commits during
 * a round is for the next one, and between two rounds there is as much rest as the first one took.
 * So an idle server delivers at once, and a busy one in fewer and larger portions.
 */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '@event-store/core';

/** Somebody who has reached the end and waits for more. */
export class Waiter {
  #wake: () => void = () => undefined;

  /** Fulfils when it is woken from now on. */
  sleep(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    this.#wake();
  }
}

/** So many readers go on before others have a turn: about a millisecond. */
const readersAtOnce = 64;
/** Nobody waits longer for a round to begin. */
const restMsMax = 20;
/** Shorter rests are not worth a timer. */
const restMsMin = 1;

export class Rounds {
  readonly #clock: Clock;
  #waiting = new Set<Waiter>();
  #number = 0;
  #lastPosition = 0;
  #isDue = false;
  #isRunning = false;
  #isStopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** To be kept from before a read, so that `next` knows what the read may have missed. */
  get number(): number {
    return this.#number;
  }

  /** The last position that a commit told; 0 before the first. */
  get lastPosition(): number {
    return this.#lastPosition;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Whether anybody waits. */
  get isAwaited(): boolean {
    return this.#waiting.size > 0;
  }

  /** There is something new, up to this position. */
  committed(position: number): void {
    this.#lastPosition = position;
    this.#isDue = true;
    if (!this.#isRunning) void this.#run();
  }

  /** Fulfils in the next round, or at once if one has begun since the one that was seen. */
  async next(seen: number, waiter: Waiter): Promise<void> {
    if (this.#isStopped || this.#number !== seen) return;
    this.#waiting.add(waiter);
    await waiter.sleep();
  }

  /** Wakes a waiter now, because what it waits for is no longer wanted. */
  leave(waiter: Waiter): void {
    this.#waiting.delete(waiter);
    waiter.wake();
  }

  /** Wakes everybody, and nobody waits any more. */
  stop(): void {
    this.#isStopped = true;
    for (const waiter of this.#waiting) waiter.wake();
    this.#waiting.clear();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#isDue) {
      this.#isDue = false;
      const startedMs = this.#clock.monotonicMs();
      await this.#round();
      await this.#rest(this.#clock.monotonicMs() - startedMs);
    }
    this.#isRunning = false;
  }

  async #round(): Promise<void> {
    this.#number++;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (let start = 0; start < waiting.length; start += readersAtOnce) {
      for (const waiter of waiting.slice(start, start + readersAtOnce)) waiter.wake();
      await setImmediate();
    }
  }

  #rest(workedMs: number): Promise<void> | undefined {
    if (workedMs < restMsMin) return undefined;
    return new Promise((resolve) => this.#clock.after(Math.min(workedMs, restMsMax), resolve));
  }
}
