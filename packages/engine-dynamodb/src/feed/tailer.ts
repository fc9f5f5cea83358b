/**
 * Notices what other instances append, while somebody listens: looks at the newest page, often
 * while there is traffic and seldom when there is none, and now and then sequences what an
 * instance that died may have left.
 */
import { pause, type World } from '../world.ts';
import type { Log } from './log.ts';
import type { Sequencer } from './sequencer.ts';

const pollMsMin = 20;
const pollMsMax = 500;

/** Each poll that finds nothing waits longer by this factor. */
const slowing = 1.1;

/** Between looks at the lanes of others. */
const sequenceMs = 1_000;

export class Tailer {
  readonly #world: World;
  readonly #log: Log;
  readonly #sequencer: Sequencer;
  readonly #isWanted: () => boolean;
  #polling: Promise<void> | undefined;
  #pollMs = pollMsMin;

  constructor(options: { world: World; log: Log; sequencer: Sequencer; isWanted: () => boolean }) {
    this.#world = options.world;
    this.#log = options.log;
    this.#sequencer = options.sequencer;
    this.#isWanted = options.isWanted;
  }

  /** There may be something to notice: looks often again, if anybody listens. */
  wake(): void {
    this.#pollMs = pollMsMin;
    if (!this.#isWanted()) return;
    this.#polling ??= this.#poll().finally(() => {
      this.#polling = undefined;
    });
  }

  async #poll(): Promise<void> {
    let sequencedMs = this.#world.clock.monotonicMs();
    while (this.#isWanted()) {
      const end = this.#log.end;
      const isSequencingDue = this.#world.clock.monotonicMs() - sequencedMs >= sequenceMs;
      try {
        if (isSequencingDue) await this.#sequencer.catchUp();
        else await this.#log.readNewest();
      } catch (error) {
        const message = `The feed cannot be followed: ${error instanceof Error ? error.message : error}`;
        this.#world.observer.notice?.({ level: 'warn', message });
      }
      if (isSequencingDue) sequencedMs = this.#world.clock.monotonicMs();
      this.#pollMs = this.#log.end > end ? pollMsMin : Math.min(pollMsMax, this.#pollMs * slowing);
      await pause(this.#world, this.#pollMs);
    }
  }

  async close(): Promise<void> {
    await this.#polling;
  }
}
