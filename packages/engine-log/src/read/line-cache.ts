/**
 * Lines of streams that were read lately, each as it was when it was found intact: a stream that is
 * read often is then one copy, wherever its events stand in the log. History does not change, so
 * nothing here is ever out of date. The oldest goes first; once there is no room, only one miss of
 * several is kept, so that a walk over more than fits does not drive out everything before its turn.
 *
 *     stream, hundred of versions → some of them that follow one another, in one slab
 */
import { assert, type StreamId } from '@event-store/core';

/** Versions 1 to so many are kept together, then the next ones: those of a page that clients ask for. */
const groupVersions = 100;
const slabBytes = 1024 * 1024;
/** Longer ones would leave slabs half empty, and are quick enough for their length. */
const entryBytesMax = slabBytes / 4;
/** Of a small entry, what it takes beside its lines is most. */
const entryBytesMin = 1_024;
/** Of so many misses one is kept, once there is no room. */
const keptEvery = 8;
/** What is kept of a group is not replaced by what is hardly more. */
const mostOf = 0.75;

interface Slab {
  readonly buffer: Buffer;
  used: number;
  readonly keys: string[];
}

/** Lines that follow one another. */
export interface KeptLines {
  readonly slab: Slab;
  readonly firstVersion: number;
  /** Where each line begins in the slab, and where the last one ends. */
  readonly borders: readonly number[];
}

/** Lines one behind the other from the start of `bytes`. */
export interface ReadLines {
  readonly firstVersion: number;
  readonly bytes: Uint8Array;
  readonly lineEnds: readonly number[];
}

export class LineCache {
  readonly #slabsMax: number;
  /** Oldest first. */
  readonly #slabs: Slab[] = [];
  readonly #entries = new Map<string, KeptLines>();
  #misses = 0;

  constructor({ bytesMax }: { bytesMax: number }) {
    this.#slabsMax = Math.floor(bytesMax / slabBytes);
  }

  get bytes(): number {
    return this.#slabs.length * slabBytes;
  }

  /** Lines among which is that of a version, if it is here. */
  find(streamId: StreamId, version: number): KeptLines | undefined {
    const kept = this.#entries.get(keyOf(streamId, groupOf(version)));
    return kept !== undefined && kept.firstVersion <= version && version <= lastVersion(kept) ? kept : undefined;
  }

  /** The last version before the next group that is here, where `version` is not; at most `through`. */
  missesThrough(streamId: StreamId, version: number, through: number): number {
    for (let next = (groupOf(version) + 1) * groupVersions + 1; next <= through; next += groupVersions) {
      if (this.find(streamId, next) !== undefined) return next - 1;
    }
    return through;
  }

  /** Keeps lines that were found intact, unless as good as all of them are here. */
  add(streamId: StreamId, lines: ReadLines): void {
    const { firstVersion, lineEnds } = lines;
    const behind = firstVersion + lineEnds.length;
    for (let from = firstVersion; from < behind; ) {
      const group = groupOf(from);
      const to = Math.min(behind, (group + 1) * groupVersions + 1);
      this.#addGroup(keyOf(streamId, group), { from, to }, lines);
      from = to;
    }
  }

  #addGroup(key: string, { from, to }: { from: number; to: number }, { firstVersion, bytes, lineEnds }: ReadLines) {
    const known = this.#entries.get(key);
    if (known !== undefined && known.firstVersion <= from && lastVersion(known) - from > mostOf * (to - from)) return;
    const start = lineEnds[from - firstVersion - 1] ?? 0;
    const end = lineEnds[to - firstVersion - 1] as number;
    const slab = this.#room(end - start);
    if (slab === undefined) return;
    const moved = slab.used - start;
    slab.buffer.set(bytes.subarray(start, end), slab.used);
    const borders = [slab.used];
    for (let version = from; version < to; version++)
      borders.push((lineEnds[version - firstVersion] as number) + moved);
    slab.used += Math.max(end - start, entryBytesMin);
    const own = copyOf(key);
    slab.keys.push(own);
    this.#entries.set(own, { slab, firstVersion: from, borders });
  }

  /** A slab with room for an entry, if it is to be kept. */
  #room(bytes: number): Slab | undefined {
    if (bytes > entryBytesMax || this.#slabsMax === 0) return undefined;
    const newest = this.#slabs.at(-1);
    const isFull = this.#slabs.length === this.#slabsMax;
    if (isFull && ++this.#misses % keptEvery !== 0) return undefined;
    if (newest !== undefined && newest.used + Math.max(bytes, entryBytesMin) <= slabBytes) return newest;
    const slab = { buffer: isFull ? this.#dropOldest() : Buffer.allocUnsafeSlow(slabBytes), used: 0, keys: [] };
    this.#slabs.push(slab);
    return slab;
  }

  /** Gives up the oldest slab; returns its buffer. */
  #dropOldest(): Buffer {
    const oldest = this.#slabs.shift();
    assert(oldest !== undefined, 'what is full has a slab');
    for (const key of oldest.keys) if (this.#entries.get(key)?.slab === oldest) this.#entries.delete(key);
    return oldest.buffer;
  }
}

export function lastVersion({ firstVersion, borders }: KeptLines): number {
  return firstVersion + borders.length - 2;
}

function groupOf(version: number): number {
  return Math.floor((version - 1) / groupVersions);
}

/** A stream id holds no line feed. */
function keyOf(streamId: StreamId, group: number): string {
  return group === 0 ? streamId : `${streamId}\n${group}`;
}

/** A text that is a part of another one, such as a request's target, keeps all of that in memory. */
function copyOf(key: string): string {
  return Buffer.from(key).toString();
}
