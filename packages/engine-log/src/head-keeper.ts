/**
 * Keeps `head` close behind the log: synced at the latest 100 ms after a commit, and exact at a
 * clean stop.
 */
import type { Clock, Timer } from '@event-store/core';
import { type FileHandle, isDiskFull } from './file-system.ts';
import { encodeHead, type LogEnd } from './format/head-file.ts';

/** Half of what is promised, so that the sync itself has the other half. */
const delayMs = 50;

export interface HeadKeeperOptions {
  readonly file: FileHandle;
  readonly clock: Clock;
  readonly storeId: string;
  /** Of the newest slot in the file. */
  readonly sequence: number;
  readonly durable: () => LogEnd;
  readonly failed: (error: unknown) => void;
}

export class HeadKeeper {
  readonly #options: HeadKeeperOptions;
  #sequence: number;
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: HeadKeeperOptions) {
    this.#options = options;
    this.#sequence = options.sequence;
  }

  /** To be called after each commit. */
  committed(): void {
    if (this.#isStopped) return;
    this.#timer ??= this.#options.clock.after(delayMs, () => this.#startWrite());
  }

  /** Writes the end for the last time. */
  async close({ clean }: { readonly clean: boolean }): Promise<void> {
    this.#stop();
    await this.#writing;
    try {
      if (clean) await this.#write(true);
    } catch (error) {
      // Without it the next start only has more to look at.
      if (!isDiskFull(error)) throw error;
    } finally {
      await this.#options.file.close();
    }
  }

  #startWrite(): void {
    const position = this.#options.durable().position;
    this.#writing = this.#write(false).then(
      () => {
        this.#timer = undefined;
        if (this.#options.durable().position !== position) this.committed();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  /** On a full disk it is tried again: the older slot is the one that was written to. */
  #fail(error: unknown): void {
    this.#timer = undefined;
    if (isDiskFull(error)) {
      this.committed();
      return;
    }
    this.#stop();
    this.#options.failed(error);
  }

  async #write(clean: boolean): Promise<void> {
    const { file, storeId, durable } = this.#options;
    const { segment, offset, position, checksum } = durable();
    const sequence = this.#sequence + 1;
    const { bytes, at } = encodeHead({
      storeId,
      sequence,
      clean,
      end: { segment, offset, position, checksum },
    });
    file.write(bytes, at);
    await file.sync();
    this.#sequence = sequence;
  }

  #stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
