/**
 * Whether a call of the disk is worth waiting for on the spot. Where the disk is quick, that takes
 * less time than to hand the call to another thread and to be woken by it; where it is slow,
 * everybody else would wait too. So it is tried for as long as calls are quick, and after a slow
 * spell tried again ever more rarely.
 */
export class CallPace {
  readonly #quickMsMax: number;
  /** Of the last calls that were waited for. */
  #averageMs: number | undefined;
  /** Calls to leave to another thread before the next trial. */
  #untilTrial = 0;
  #pause = pauseMin;

  constructor({ quickMsMax }: { quickMsMax: number }) {
    this.#quickMsMax = quickMsMax;
  }

  /** To be asked before each call: whether to wait for it. */
  waits(): boolean {
    if (this.#untilTrial === 0) return true;
    this.#untilTrial--;
    return false;
  }

  /** To be told how long a call took that was waited for. */
  waited(durationMs: number): void {
    const average = this.#averageMs ?? durationMs;
    this.#averageMs = average + (durationMs - average) / averagedCalls;
    if (this.#averageMs <= this.#quickMsMax) {
      if (this.#averageMs < this.#quickMsMax / 2) this.#pause = pauseMin;
      return;
    }
    this.#averageMs = undefined;
    this.#untilTrial = this.#pause;
    this.#pause = Math.min(2 * this.#pause, pauseMax);
  }
}

const averagedCalls = 8;
const pauseMin = 64;
const pauseMax = 16_384;
