/**
 * The newest blocks by source and cursor, so that what many subscribers are sent is read and
 * encoded once; bounded in bytes. A block that reached the end is shared within its round only:
 * later more may follow it, and whoever is late gets it in one piece from the engine.
 */
import type { Block } from './block.ts';
import type { Rounds } from './rounds.ts';
import type { Source } from './source.ts';

/** A block, and the round in which it was asked for: what it may have missed belongs to later ones. */
export interface ReadBlock {
  readonly block: Block;
  readonly round: number;
}

interface Entry {
  readonly round: number;
  readonly reading: Promise<ReadBlock>;
  /** Once it was read. */
  bytes: number;
  isFull: boolean;
}

const bytesMax = 16 * 1024 * 1024;
/** What an entry takes beside its block. */
const entryBytes = 1024;

export class SharedBlocks {
  readonly #rounds: Rounds;
  /** In the order in which they were asked for. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(rounds: Rounds) {
    this.#rounds = rounds;
  }

  /** The block behind a cursor. */
  read(source: Source, cursor: number): Promise<ReadBlock> {
    const key = `${cursor} ${source.key}`;
    const known = this.#entries.get(key);
    if (known !== undefined && (known.isFull || known.round === this.#rounds.number)) return known.reading;
    if (known !== undefined) this.#forget(key, known);
    const round = this.#rounds.number;
    const reading = source.read(cursor).then((block) => ({ block, round }));
    const entry: Entry = { round, reading, bytes: entryBytes, isFull: false };
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
    reading.then(
      ({ block }) => this.#keep(key, entry, block),
      () => this.#forget(key, entry),
    );
    return reading;
  }

  #keep(key: string, entry: Entry, { messages, messagesWithEnd }: Block): void {
    if (this.#entries.get(key) !== entry) return;
    const { length } = messagesWithEnd ?? messages;
    entry.isFull = messagesWithEnd === undefined;
    entry.bytes += length;
    this.#bytes += length;
    for (const [oldestKey, oldest] of this.#entries) {
      if (this.#bytes <= bytesMax) return;
      this.#forget(oldestKey, oldest);
    }
  }

  #forget(key: string, entry: Entry): void {
    if (this.#entries.get(key) !== entry) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}
