/**
 * The log as far as this instance has seen it: its newest page, and a cache of pages. Pages never
 * change and have no gaps between them, so whatever was seen is true for ever.
 */
import { decodeLogPage, emptyLog, endOf, type LogPage, logPartition } from '../items/log-page.ts';
import { readAll, readLast } from '../read-items.ts';
import type { World } from '../world.ts';

const cachedPagesMax = 512;

/** Pages that a reader will want next are read with the one it asked for. */
const pagesAhead = 16;

export class Log {
  readonly #world: World;
  readonly #onAdvance: (end: number) => void;
  readonly #pages = new Map<number, LogPage>();
  #newest: LogPage = emptyLog;
  /** When the newest page was last seen to be that. */
  #newestMs = Number.NEGATIVE_INFINITY;

  constructor(world: World, onAdvance: (end: number) => void) {
    this.#world = world;
    this.#onAdvance = onAdvance;
  }

  get newest(): LogPage {
    return this.#newest;
  }

  /** Whether the newest page was the newest so lately. */
  isRecent(ageMsMax: number): boolean {
    return this.#world.clock.monotonicMs() - this.#newestMs <= ageMsMax;
  }

  /** Position of the last event that is known to be in the feed. */
  get end(): number {
    return endOf(this.#newest);
  }

  /** A page that was put or read. */
  learn(page: LogPage): void {
    this.#pages.delete(page.position);
    this.#pages.set(page.position, page);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= cachedPagesMax) break;
      this.#pages.delete(oldest);
    }
    if (page.position <= this.#newest.position && this.#newest !== emptyLog) return;
    this.#newestMs = this.#world.clock.monotonicMs();
    this.#newest = page;
    this.#onAdvance(this.end);
  }

  async readNewest(): Promise<LogPage> {
    const startMs = this.#world.clock.monotonicMs();
    const item = await readLast(this.#world, logPartition);
    if (item !== undefined) this.learn(decodeLogPage(item));
    this.#newestMs = Math.max(this.#newestMs, startMs);
    return this.#newest;
  }

  /** The page that holds a position which is known to be in the feed. */
  async pageAt(position: number): Promise<LogPage> {
    const known = this.#pages.get(position);
    if (known !== undefined) return known;
    if (position >= this.#newest.position) return this.#newest;
    const [before] = await readAll(this.#world, {
      partition: logPartition,
      through: position,
      direction: 'backward',
      limit: 1,
      consistency: 'strong',
    });
    if (before === undefined) throw new Error(`The log has no page at ${position}`);
    const page = decodeLogPage(before);
    await this.#readAhead(endOf(page) + 1);
    return page;
  }

  async #readAhead(from: number): Promise<void> {
    const items = await readAll(this.#world, {
      partition: logPartition,
      from,
      direction: 'forward',
      limit: pagesAhead,
      consistency: 'strong',
    });
    for (const item of items) this.learn(decodeLogPage(item));
  }
}
