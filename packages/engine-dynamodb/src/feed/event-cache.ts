/** Events that were written or read of late, by stream and version: they never change, so they may be served again. */
import { itemBytes } from '../item-bytes.ts';
import { type Item, keyOf } from '../table.ts';

const cachedBytesMax = 32 * 1024 * 1024;

/** What a cached item takes beside its own bytes. */
const overheadBytes = 400;

export class EventCache {
  readonly #items = new Map<string, Item>();
  #bytes = 0;

  learn(item: Item): void {
    const key = keyOf(item);
    if (this.#items.has(key) || !('Event Type' in item)) return;
    this.#items.set(key, item);
    this.#bytes += itemBytes(item) + overheadBytes;
    for (const [oldest, old] of this.#items) {
      if (this.#bytes <= cachedBytesMax) break;
      this.#items.delete(oldest);
      this.#bytes -= itemBytes(old) + overheadBytes;
    }
  }

  /** The events of a run, if all of them are here. */
  run({ streamId, firstVersion, count }: { streamId: string; firstVersion: number; count: number }) {
    const items: Item[] = [];
    for (let version = firstVersion; version < firstVersion + count; version++) {
      const item = this.#items.get(`${streamId} ${version}`);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  }
}
