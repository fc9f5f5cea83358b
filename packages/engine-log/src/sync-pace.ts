/**
 * Whether a sync is worth waiting for on the spot. On a quick disk it takes less time than to hand
 * it to another thread and to be woken by it; on a slow one everybody else would wait with it. So
 * it is tried, for as long as syncs are quick, and after a slow spell tried again ever more rarely.
 */
export class SyncPace {
  /** Of the last syncs that were waited for. */
  #averageMs: number | undefined;
  /** Syncs to leave to another thread before the next trial. */
  #untilTrial = 0;
  #pause = pauseMin;

  /** To be asked before each sync: whether to wait for it. */
  waits(): boolean {
    if (this.#untilTrial === 0) return true;
    this.#untilTrial--;
    return false;
  }

  /** To be told how long it took when it was waited for. */
  waited(durationMs: number): void {
    const average = this.#averageMs ?? durationMs;
    this.#averageMs = average + (durationMs - average) / averagedSyncs;
    if (this.#averageMs <= quickMsMax) {
      if (this.#averageMs < quickMsMax / 2) this.#pause = pauseMin;
      return;
    }
    this.#averageMs = undefined;
    this.#untilTrial = this.#pause;
    this.#pause = Math.min(2 * this.#pause, pauseMax);
  }
}

/** About what a thread costs that is handed the sync, with some requests waiting meanwhile. */
const quickMsMax = 0.5;
const averagedSyncs = 8;
const pauseMin = 64;
const pauseMax = 16_384;
