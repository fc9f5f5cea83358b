/**
 * Reads the log behind what the index covers and writes what it finds into the index: the same
 * walk whether the index lags by a second or is built anew.
 */
import { limits } from '@event-store/core';
import type { FileSystem } from '../file-system.ts';
import type { LogEnd } from '../format/head-file.ts';
import { type Block, DamagedLog, keepDamage, LogCursor } from '../segment/log-cursor.ts';
import { type Segment, SegmentList } from '../segment/segment-list.ts';
import { entriesOf } from './entries-of.ts';
import { type Anchor, anchorSpacingBytes, type IndexEntry, type Indexer, type IndexWriter } from './log-index.ts';

export interface LogIndexerOptions {
  readonly fileSystem: FileSystem;
  /** Where the segments are. */
  readonly directory: string;
  readonly writer: IndexWriter;
  /** Only for reading what is left of a damaged log: an index that knows less would give versions twice. */
  readonly stepsOverDamage: boolean;
  /** Told the position reached after each transaction. */
  readonly progress?: (position: number) => void;
}

/** Entries of one index transaction: its pages are held in memory until it is synced. */
const transactionEntriesMax = 8_192;

export class LogIndexer implements Indexer {
  readonly #options: LogIndexerOptions;
  /** Kept for the next walk; no larger than what there was to read. */
  #buffer = Buffer.alloc(0);
  #entries: IndexEntry[] = [];
  #anchors: Anchor[] = [];
  #lastAnchor: Anchor | undefined;
  #position = 0;
  #lostEvents = 0;
  #lostThrough = 0;

  constructor(options: LogIndexerOptions) {
    this.#options = options;
  }

  get covered(): LogEnd | undefined {
    return this.#options.writer.covered();
  }

  get lostThrough(): number {
    return this.#lostEvents > this.#options.writer.skippedVersions ? this.#lostThrough : 0;
  }

  async advance(end: LogEnd, segments: readonly Segment[]): Promise<void> {
    const list = new SegmentList(this.#options.fileSystem, this.#options.directory, segments);
    try {
      await this.#walk(list, end);
    } finally {
      await list.close();
    }
  }

  async clear(): Promise<void> {
    this.#options.writer.clear();
    this.#lostEvents = 0;
    this.#lostThrough = 0;
  }

  close(): Promise<void> {
    return this.#options.writer.close();
  }

  async #walk(segments: SegmentList, end: LogEnd): Promise<void> {
    this.#entries = [];
    this.#anchors = [];
    this.#position = this.covered?.position ?? 0;
    const first = segments.holding(0);
    const start = this.covered ?? { segment: first.firstPosition, offset: first.headerBytes };
    const cursor = new LogCursor({ segments }, start, this.covered?.checksum);
    const bytes = Math.min(limits.batchBytesMax, segments.bytes);
    if (this.#buffer.length < bytes) this.#buffer = Buffer.allocUnsafeSlow(bytes);
    for (;;) {
      const block = await cursor.next(end, () => this.#buffer).catch(keepDamage);
      if (block === undefined) break;
      if (!(block instanceof DamagedLog)) this.#addBlock(block);
      else if (this.#options.stepsOverDamage) await cursor.skipDamage(end);
      else throw block;
    }
    this.#goTo(end.position + 1);
    this.#write(end);
  }

  #addBlock(block: Block): void {
    for (const { entry, isEndOfAppend, end } of entriesOf(block)) {
      this.#goTo(entry.place.position);
      this.#entries.push(entry);
      this.#anchor(entry.place);
      if (this.#entries.length >= transactionEntriesMax && isEndOfAppend) this.#write(end());
    }
  }

  /** Notes what is left out before a position. */
  #goTo(position: number): void {
    if (position > this.#position + 1) {
      this.#lostEvents += position - this.#position - 1;
      this.#lostThrough = position - 1;
    }
    this.#position = position;
  }

  #anchor({ position, segment, offset }: Anchor): void {
    const last = this.#lastAnchor;
    if (last?.segment === segment && offset - last.offset < anchorSpacingBytes) return;
    this.#lastAnchor = { position, segment, offset };
    this.#anchors.push(this.#lastAnchor);
  }

  #write(covered: LogEnd): void {
    this.#options.writer.write({ entries: this.#entries, anchors: this.#anchors, covered });
    this.#entries = [];
    this.#anchors = [];
    this.#options.progress?.(covered.position);
  }
}
