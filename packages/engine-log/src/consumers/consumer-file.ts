/**
 * `consumers.ndjson` as it is written: changes at its end, each group synced, and the whole of it
 * anew, under another name first, once most of it is out of date.
 */
import { EventStoreError } from '@event-store/core';
import { createFile, type FileHandle, type FileSystem, isDiskFull } from '../file-system.ts';
import { type ConsumerEntry, ConsumerLines, consumersFileName, consumersFormat } from '../format/consumer-line.ts';

export interface ConsumerFileOptions {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  readonly storeId: string;
  /** A file that has so many bytes, and four times what counts in it, is written anew. */
  readonly compactBytes: number;
}

/** A file that is there: its end, and the state in which the next line starts. */
export interface ConsumerFileEnd {
  readonly bytes: number;
  readonly seed: number;
}

export class ConsumerFile {
  readonly #options: ConsumerFileOptions;
  #file: FileHandle | undefined;
  #end: ConsumerFileEnd = { bytes: 0, seed: 0 };
  /** How large the file was when it was last written anew. */
  #compactBytes: number;
  /** Up to here the file itself says that it is durable. */
  #markedBytes = 0;

  constructor(options: ConsumerFileOptions) {
    this.#options = options;
    this.#compactBytes = options.compactBytes;
  }

  /** Goes on behind the end of a file that is there and durable. */
  async open(end: ConsumerFileEnd): Promise<void> {
    this.#file = await this.#options.fileSystem.open(this.#path, 'write');
    this.#end = end;
  }

  /** Whether it is worth writing anew; a file that is not there is. */
  get isDue(): boolean {
    return this.#file === undefined || this.#end.bytes >= this.#compactBytes;
  }

  get exists(): boolean {
    return this.#file !== undefined;
  }

  /** Whether the end of the file could be torn off without anybody noticing. */
  get isUnmarked(): boolean {
    return this.#file !== undefined && this.#markedBytes < this.#end.bytes;
  }

  /**
   * Writes the whole file anew; `revision` is the highest that was given.
   *
   * @throws EventStoreError `disk-full` when the file is as it was; any other error is final.
   */
  async rewrite(entries: readonly ConsumerEntry[], revision: number): Promise<void> {
    const { fileSystem, directory, storeId, compactBytes } = this.#options;
    const header = { format: consumersFormat, consumersOf: storeId, revision, records: entries.length };
    const lines = new ConsumerLines(0).header(header);
    for (const entry of entries) lines.entry(entry, 0);
    const content = lines.bytes;
    try {
      await createFile(fileSystem, { directory, name: consumersFileName, content });
    } catch (error) {
      throw isDiskFull(error) ? diskFull(error) : error;
    }
    const before = this.#file;
    this.#file = undefined;
    try {
      await this.open({ bytes: content.length, seed: lines.seed });
    } finally {
      await before?.close();
    }
    this.#markedBytes = content.length;
    this.#compactBytes = Math.max(compactBytes, 4 * content.length);
  }

  /**
   * Makes a group of changes durable.
   *
   * @throws EventStoreError `disk-full` when the file is as it was; any other error is final.
   */
  append(entries: readonly ConsumerEntry[]): Promise<void> {
    const { bytes, seed } = this.#end;
    const lines = new ConsumerLines(seed);
    for (const entry of entries) lines.entry(entry, bytes);
    return this.#write(lines, bytes);
  }

  /** Says in the file that everything so far is durable. Throws like `append`. */
  mark(): Promise<void> {
    const { bytes, seed } = this.#end;
    const lines = new ConsumerLines(seed).mark(bytes);
    return this.#write(lines, bytes + lines.bytes.length);
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  async #write(lines: ConsumerLines, markedBytes: number): Promise<void> {
    const file = this.#file;
    if (file === undefined) throw new Error('Broken invariant: changes are written to a file that is there');
    const content = lines.bytes;
    try {
      file.write(content, this.#end.bytes);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      await file.truncate(this.#end.bytes);
      await file.sync();
      throw diskFull(error);
    }
    await file.sync();
    this.#end = { bytes: this.#end.bytes + content.length, seed: lines.seed };
    this.#markedBytes = markedBytes;
  }

  get #path(): string {
    return `${this.#options.directory}/${consumersFileName}`;
  }
}

function diskFull(cause: unknown): EventStoreError {
  const text = 'The disk is full; nothing was stored. Free some space and send the request again.';
  return new EventStoreError('disk-full', text, { cause });
}
