/** Time that passes only when everything that happens now has happened: one seed is one run. */
import type { Clock, Timer } from '@event-store/core';

interface Due {
  readonly atMs: number;
  readonly order: number;
  action: (() => void) | undefined;
}

/** Where the times of day begin; durations begin at 0. */
const epochMs = Date.UTC(2026, 0, 1);

export class VirtualTime implements Clock {
  /** A heap, the earliest first. */
  readonly #due: Due[] = [];
  #nowMs = 0;
  #order = 0;

  now(): number {
    return epochMs + Math.floor(this.#nowMs);
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, action: () => void): Timer {
    const due: Due = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, action };
    this.#push(due);
    return {
      cancel: () => {
        due.action = undefined;
      },
    };
  }

  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.after(delayMs, resolve));
  }

  /** Lets time pass until `isDone`, or until nothing more will ever happen, or for too long. */
  async run(isDone: () => boolean, limitMs: number): Promise<'done' | 'stuck'> {
    for (;;) {
      await settled();
      if (isDone()) return 'done';
      const due = this.#pop();
      if (due === undefined || due.atMs > limitMs) return 'stuck';
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.action?.();
    }
  }

  #push(due: Due): void {
    const heap = this.#due;
    let index = heap.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (isBefore(heap[parent] as Due, due)) break;
      heap[index] = heap[parent] as Due;
      index = parent;
    }
    heap[index] = due;
  }

  #pop(): Due | undefined {
    const heap = this.#due;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Due, heap[child] as Due)) child++;
      if (isBefore(last, heap[child] as Due)) break;
      heap[index] = heap[child] as Due;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** Resolves when all promises that can go on have gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
