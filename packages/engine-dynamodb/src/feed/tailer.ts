/**
 * Looks for what other instances append, while somebody waits for it: often while there is news,
 * ever less often while there is none. Whoever reads may be about to wait.
 */
import { pause, type World } from '../world.ts';

/** Between two looks. */
export interface LookPace {
  readonly msMin: number;
  readonly msMax: number;
}

export interface TailerOptions {
  readonly world: World;
  readonly isAwaited: () => boolean;
  /** Tells whoever waits, and says whether there was anything. */
  readonly look: () => Promise<'news' | 'nothing'>;
  readonly pace: LookPace;
}

/** Each look that finds nothing makes the next one later by this factor. */
const slowing = 1.1;

/** After the last read nobody waits any more, unless somebody says so. */
const readerMs = 2_000;

/** Between two questions whether somebody waits; they cost nothing. */
const idleMs = 50;

export class Tailer {
  readonly #options: TailerOptions;
  #running: Promise<void> | undefined;
  #lookMs: number;
  #readMs = 0;
  #isClosed = false;

  constructor(options: TailerOptions) {
    this.#options = options;
    this.#lookMs = options.pace.msMin;
  }

  /** Somebody reads or has begun to listen. */
  wake(): void {
    this.#readMs = this.#options.world.clock.monotonicMs();
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    const { world, isAwaited } = this.#options;
    for (;;) {
      const isReading = world.clock.monotonicMs() - this.#readMs < readerMs;
      if (this.#isClosed || !(isAwaited() || isReading)) return;
      if (isAwaited()) await this.#look();
      await pause(world, isAwaited() ? this.#lookMs : idleMs);
    }
  }

  async #look(): Promise<void> {
    const { world, look, pace } = this.#options;
    try {
      const found = await look();
      this.#lookMs = found === 'news' ? pace.msMin : Math.min(pace.msMax, this.#lookMs * slowing);
    } catch (error) {
      this.#lookMs = pace.msMax;
      const message = `What others append cannot be followed: ${error instanceof Error ? error.message : error}`;
      world.observer.notice?.({ level: 'warn', message });
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
  }
}
