/**
 * The segments of a log in position order, and reads from their files. Holds at most
 * `openFilesMax` files open, whatever the number of segments.
 */
import { assert } from '@event-store/core';
import type { FileHandle, FileSystem } from '../file-system.ts';
import { segmentName } from '../format/segment-header.ts';

export interface Segment {
  /** The position of its first event, which names it. */
  readonly firstPosition: number;
  /** Where the first event's line starts. */
  readonly headerBytes: number;
  /** The header's digits. */
  readonly headerChecksum: number;
  /** In the digits of all lines behind the header. */
  readonly salt: number;
  /** Bytes that may be read: for the last segment the durable end, which moves. */
  bytes: number;
}

const openFilesMax = 64;

interface OpenFile {
  readonly handle: Promise<FileHandle>;
  /** Once it is open. */
  opened: FileHandle | undefined;
  readers: number;
}

export class SegmentList {
  readonly #fileSystem: FileSystem;
  readonly #directory: string;
  readonly #segments: Segment[];
  /** Least recently used first. */
  readonly #files = new Map<number, OpenFile>();

  constructor(fileSystem: FileSystem, directory: string, segments: readonly Segment[]) {
    this.#fileSystem = fileSystem;
    this.#directory = directory;
    this.#segments = [...segments];
  }

  get all(): readonly Segment[] {
    return this.#segments;
  }

  get last(): Segment {
    const last = this.#segments.at(-1);
    assert(last !== undefined, 'a log has a segment');
    return last;
  }

  /** Bytes of all segments together. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  add(segment: Segment): void {
    this.#segments.push(segment);
  }

  /** The segment in which a position is, or would be. */
  holding(position: number): Segment {
    let low = 0;
    for (let high = this.#segments.length - 1; low < high; ) {
      const middle = (low + high + 1) >> 1;
      if ((this.#segments[middle] as Segment).firstPosition <= position) low = middle;
      else high = middle - 1;
    }
    return this.#segments[low] as Segment;
  }

  /** The segment that follows; `undefined` behind the last. */
  after(segment: Segment): Segment | undefined {
    return this.#segments[this.#segments.indexOf(segment) + 1];
  }

  /** Reads from a segment's file until `target` is full or the file ends; returns the bytes read. */
  async read(firstPosition: number, target: Uint8Array, at: number): Promise<number> {
    const file = this.#lease(firstPosition);
    try {
      return await (await file.handle).read(target, at);
    } finally {
      file.readers--;
      this.#closeIdle();
    }
  }

  /** The same where it can be had without waiting; `undefined`, with nothing read, where it cannot. */
  readAtOnce(firstPosition: number, target: Uint8Array, at: number): number | undefined {
    return this.#files.get(firstPosition)?.opened?.readAtOnce(target, at);
  }

  async close(): Promise<void> {
    const handles = [...this.#files.values()].map(async ({ handle }) => (await handle).close());
    this.#files.clear();
    await Promise.allSettled(handles);
  }

  /** The file, counted as being read. */
  #lease(firstPosition: number): OpenFile {
    const known = this.#files.get(firstPosition);
    this.#files.delete(firstPosition);
    const file = known ?? this.#open(firstPosition);
    this.#files.set(firstPosition, file);
    file.readers++;
    return file;
  }

  #open(firstPosition: number): OpenFile {
    const handle = this.#fileSystem.open(this.#path(firstPosition), 'read');
    const file: OpenFile = { handle, opened: undefined, readers: 0 };
    handle.then(
      (opened) => {
        file.opened = opened;
      },
      () => this.#files.delete(firstPosition),
    );
    return file;
  }

  /** Closes files that are not being read, longest unread first, while too many are open. */
  #closeIdle(): void {
    for (const [firstPosition, { handle, readers }] of this.#files) {
      if (this.#files.size <= openFilesMax) return;
      if (readers > 0) continue;
      this.#files.delete(firstPosition);
      void handle.then((file) => file.close());
    }
  }

  #path(firstPosition: number): string {
    return `${this.#directory}/${segmentName(firstPosition)}`;
  }
}
