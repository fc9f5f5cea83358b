/**
 * Reads events of a stream without waiting: from memory, or from a disk that answers as quickly.
 * Whatever is not as it should be is left to read-stream.ts, which comes upon it again and says so.
 */
import type { ReadStreamRequest, StreamId, StreamPart } from '@event-store/core';
import { LineCopier } from './copy-lines.ts';
import { type LineCache, lastVersion } from './line-cache.ts';
import { isLineOf, lineStartOf } from './line-start.ts';
import { type LogView, placesOf, visibleVersion } from './log-view.ts';

/** Lines as they are put together: how many bytes there are follows from where the last one ends. */
interface Part {
  readonly streamId: StreamId;
  readonly into: Uint8Array;
  readonly lineEnds: number[];
}

export class AtOnceReader {
  readonly #view: LogView;
  readonly #copier: LineCopier;
  readonly #cache: LineCache;

  constructor(view: LogView, cache: LineCache) {
    this.#view = view;
    this.#copier = new LineCopier(view);
    this.#cache = cache;
  }

  /** See `StorageEngine`. */
  read(request: ReadStreamRequest & { readonly limit: number }, into: Uint8Array): StreamPart | undefined {
    const { streamId, from, limit, direction } = request;
    if (this.#view.lostThrough > 0 || from < 1) return undefined;
    const version = visibleVersion(this.#view, streamId);
    const isForward = direction === 'forward';
    const through = Math.min(version, isForward ? from + limit - 1 : from);
    const first = isForward ? from : Math.max(1, through - limit + 1);
    const lineEnds: number[] = [];
    if (first <= through && !this.#put({ streamId, into, lineEnds }, first, through)) return undefined;
    return { version, lineEnds: isForward ? lineEnds : reverseLines(into, lineEnds) };
  }

  #put(part: Part, first: number, through: number): boolean {
    const { streamId, into, lineEnds } = part;
    let isAllKept = true;
    for (let version = first; version <= through; version = first + lineEnds.length) {
      if (this.#putKept(part, version, through)) continue;
      if (!this.#putFromLog(part, version, through)) return false;
      isAllKept = false;
    }
    if (!isAllKept) this.#cache.add(streamId, { firstVersion: first, bytes: into, lineEnds });
    return true;
  }

  /** Puts a version and those behind it that are kept with it. */
  #putKept({ streamId, into, lineEnds }: Part, version: number, through: number): boolean {
    const kept = this.#cache.find(streamId, version);
    if (kept === undefined) return false;
    const { slab, firstVersion, borders } = kept;
    const index = version - firstVersion;
    const behind = Math.min(through, lastVersion(kept)) - firstVersion + 1;
    const [start, end] = [borders[index] as number, borders[behind] as number];
    const at = lineEnds.at(-1) ?? 0;
    if (at + end - start > into.length) return false;
    slab.buffer.copy(into, at, start, end);
    for (let i = index + 1; i <= behind; i++) lineEnds.push((borders[i] as number) - start + at);
    return true;
  }

  /** Puts a version and those behind it that are not kept. */
  #putFromLog({ streamId, into, lineEnds }: Part, version: number, through: number): boolean {
    const last = this.#cache.missesThrough(streamId, version, through);
    const places = placesOf(this.#view, { streamId, from: version, through: last });
    if (places.length <= last - version) return false;
    const lineStart = lineStartOf(streamId);
    let start = lineEnds.at(-1) ?? 0;
    const rest = into.subarray(start);
    const bytes = places.reduce((sum, place) => sum + place.bytes, 0);
    if (bytes > rest.length || !this.#copier.copy(places, rest)) return false;
    for (const place of places) {
      if (!isLineOf(into, start, { lineStart, version: place.version })) return false;
      start += place.bytes;
      lineEnds.push(start);
    }
    return true;
  }
}

/** Puts the lines into the reverse order; returns their new ends. */
function reverseLines(lines: Uint8Array, ends: readonly number[]): number[] {
  const copy = Buffer.from(lines.subarray(0, ends.at(-1) ?? 0));
  const reversed: number[] = [];
  let at = 0;
  for (let index = ends.length - 1; index >= 0; index--) {
    const line = copy.subarray(ends[index - 1] ?? 0, ends[index]);
    lines.set(line, at);
    at += line.length;
    reversed.push(at);
  }
  return reversed;
}
