/**
 * The newest part of the log, kept in memory as it was written, so that whoever reads what just
 * came needs no disk. A chunk is one run of bytes of one segment; bytes once written never change.
 */
export interface TailChunk {
  readonly segment: number;
  /** Where in the segment the chunk begins. */
  readonly start: number;
  readonly buffer: Buffer;
  /** Bytes in use. */
  used: number;
}

const chunkBytesMax = 1024 * 1024;

export class LogTail {
  readonly #bytesMax: number;
  readonly #chunkBytes: number;
  readonly #chunks: TailChunk[] = [];
  #bytes = 0;

  /** A chunk ends with its segment, so none is made much larger than that. */
  constructor({ bytesMax, segmentBytesMax }: { bytesMax: number; segmentBytesMax: number }) {
    this.#bytesMax = bytesMax;
    this.#chunkBytes = Math.min(chunkBytesMax, segmentBytesMax);
  }

  /** A chunk with room for `bytes` more at `offset`, where the log ends. */
  room(segment: number, offset: number, bytes: number): TailChunk {
    const last = this.#chunks.at(-1);
    const follows = last?.segment === segment && last.start + last.used === offset;
    if (last && follows && last.used + bytes <= last.buffer.length) return last;
    const buffer = Buffer.allocUnsafeSlow(Math.max(bytes, this.#chunkBytes));
    const chunk = { segment, start: offset, buffer, used: 0 };
    this.#chunks.push(chunk);
    this.#bytes += buffer.length;
    while (this.#bytes > this.#bytesMax && this.#chunks.length > 1) {
      this.#bytes -= (this.#chunks.shift() as TailChunk).buffer.length;
    }
    return chunk;
  }

  /** As many bytes from `from` on as one chunk holds, at most up to `to`. */
  find(segment: number, from: number, to: number): Buffer | undefined {
    for (let i = this.#chunks.length - 1; i >= 0; i--) {
      const { segment: of, start, used, buffer } = this.#chunks[i] as TailChunk;
      if (of === segment && start <= from && from < start + used)
        return buffer.subarray(from - start, Math.min(to - start, used));
    }
    return undefined;
  }

  /** Forgets everything: what was written there did not become part of the log. */
  clear(): void {
    this.#chunks.length = 0;
    this.#bytes = 0;
  }
}
