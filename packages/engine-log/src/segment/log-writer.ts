/**
 * The end of the log on disk: writes one group at a time, syncs it, and goes on to a new segment
 * where a group begins one. Space is written with zeros ahead of the log, since a sync is quicker
 * on a file that does not grow; zeros behind the last line are no part of the log.
 */
import { EventStoreError } from '@event-store/core';
import type { Group, NewSegment } from '../append/group.ts';
import { createFile, type FileHandle, type FileSystem, isDiskFull } from '../file-system.ts';
import { segmentName } from '../format/segment-header.ts';
import type { SegmentList } from './segment-list.ts';

export interface LogWriterOptions {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  readonly segments: SegmentList;
  /** Bytes of zeros to keep ahead. */
  readonly aheadBytes: number;
}

/** A larger group has so much to write that the file's new length beside it makes no difference, but zeros would. */
const smallGroupBytesMax = 256 * 1024;

export class LogWriter {
  readonly #options: LogWriterOptions;
  readonly #zeros: Buffer;
  #file: FileHandle;
  /** Bytes of the file that were written, with zeros or with lines. */
  #allocatedBytes: number;

  private constructor(options: LogWriterOptions, file: FileHandle) {
    this.#options = options;
    this.#zeros = Buffer.alloc(options.aheadBytes);
    this.#file = file;
    this.#allocatedBytes = options.segments.last.bytes;
  }

  /** Opens the last segment, which ends where its `bytes` say. */
  static async open(options: LogWriterOptions): Promise<LogWriter> {
    const { fileSystem, directory, segments } = options;
    return new LogWriter(
      options,
      await fileSystem.open(`${directory}/${segmentName(segments.last.firstPosition)}`, 'write'),
    );
  }

  /**
   * Makes a group durable.
   *
   * @throws EventStoreError `disk-full` when nothing of it is stored and the log is as before; any
   *   other error means that nobody knows, and that nothing may be written any more.
   */
  async write(group: Group): Promise<void> {
    try {
      if (group.newSegment) await this.#roll(group.newSegment);
      this.#writeAhead(group.end.offset);
      group.writeTo(this.#file);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      await this.#cutBack();
      throw new EventStoreError(
        'disk-full',
        'The disk is full; nothing was stored. Free some space and send the request again.',
        {
          cause: error,
        },
      );
    }
    await this.#file.sync();
    this.#options.segments.last.bytes = group.end.offset;
  }

  /** Whether the disk takes `bytes` more; leaves the log as it is. */
  async hasRoom(bytes: number): Promise<boolean> {
    try {
      this.#file.write(Buffer.alloc(bytes), this.#options.segments.last.bytes);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      return false;
    } finally {
      await this.#cutBack();
    }
    return true;
  }

  /** Ends the file where the log ends, and closes it. */
  async close({ cut }: { readonly cut: boolean }): Promise<void> {
    try {
      if (cut) await this.#cutBack();
    } finally {
      await this.#file.close();
    }
  }

  /** Writes zeros behind the group that comes, where the file is used up; does without on a full disk. */
  #writeAhead(end: number): void {
    if (end <= this.#allocatedBytes || this.#zeros.length === 0) return;
    const { bytes } = this.#options.segments.last;
    if (end - bytes > smallGroupBytesMax) return;
    const from = Math.max(this.#allocatedBytes, bytes);
    try {
      this.#file.write(this.#zeros, from);
      this.#allocatedBytes = from + this.#zeros.length;
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
  }

  async #cutBack(): Promise<void> {
    const { bytes } = this.#options.segments.last;
    await this.#file.truncate(bytes);
    await this.#file.sync();
    this.#allocatedBytes = bytes;
  }

  async #roll({ firstPosition, header, salt }: NewSegment): Promise<void> {
    const { fileSystem, directory, segments } = this.#options;
    // A group that began the segment and did not fit on the disk left it empty.
    if (segments.last.firstPosition === firstPosition) return;
    await this.#cutBack();
    const name = segmentName(firstPosition);
    await createFile(fileSystem, { directory, name, content: header.bytes });
    const before = this.#file;
    this.#file = await fileSystem.open(`${directory}/${name}`, 'write').catch((cause: unknown) => {
      // Whatever the reason, a full disk too: the one before has a successor, and is not written to any more.
      throw new Error(`${name} was made and cannot be opened: ${(cause as Error).message}`, { cause });
    });
    this.#allocatedBytes = header.bytes.length;
    segments.add({
      firstPosition,
      headerBytes: header.bytes.length,
      headerChecksum: header.checksum,
      salt,
      bytes: header.bytes.length,
    });
    await before.close();
  }
}

/** Whether what follows the last line is nothing but space written ahead. */
export function isWrittenAhead(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
