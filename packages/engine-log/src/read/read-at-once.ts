/**
 * Reads events of a stream without waiting: from memory, or from a disk that answers as quickly.
 * Whatever is not as it should be is left to read-stream.ts, which comes upon it again and says so.
 */
import type { ReadStreamRequest, StreamPart } from '@event-store/core';
import { trailerBytes } from '../format/checksum.ts';
import type { VersionedPlace } from '../index/log-index.ts';
import { isLineOf, lineStartOf } from './line-start.ts';
import { type LogView, placesOf, visibleVersion } from './log-view.ts';
import { gapBytesMax, isIntact } from './read-lines.ts';

/** What is read at once at most. */
const windowBytesMax = 64 * 1024;

/** Some bytes of a segment. */
interface Window {
  readonly segment: number;
  readonly from: number;
  readonly content: Buffer;
  readonly salt: number;
}

export class AtOnceReader {
  readonly #view: LogView;
  readonly #buffer = Buffer.allocUnsafeSlow(windowBytesMax);

  constructor(view: LogView) {
    this.#view = view;
  }

  /** See `StorageEngine`. */
  read(request: ReadStreamRequest & { readonly limit: number }, into: Uint8Array): StreamPart | undefined {
    const view = this.#view;
    const { streamId, from, limit, direction } = request;
    if (view.lostThrough > 0 || from < 1) return undefined;
    const version = visibleVersion(view, streamId);
    const isForward = direction === 'forward';
    const through = Math.min(version, isForward ? from + limit - 1 : from);
    const first = isForward ? from : Math.max(1, through - limit + 1);
    if (first > through) return { version, lineEnds: [] };
    const places = placesOf(view, { streamId, from: first, through });
    if (places.length <= through - first) return undefined;
    const lineEnds = endsOf(places);
    if ((lineEnds.at(-1) as number) > into.length || !this.#copy(places, into)) return undefined;
    const lineStart = lineStartOf(streamId);
    for (let index = 0, start = 0; index < lineEnds.length; start = lineEnds[index++] as number) {
      if (!isLineOf(into, start, { lineStart, version: first + index })) return undefined;
    }
    return { version, lineEnds: isForward ? lineEnds : reverseLines(into, lineEnds) };
  }

  /** Copies the lines, each that is intact; lines that follow one another in the log as one piece. */
  #copy(places: readonly VersionedPlace[], into: Uint8Array): boolean {
    let window: Window | undefined;
    let at = 0;
    for (let index = 0; index < places.length; ) {
      const { segment, offset } = places[index] as VersionedPlace;
      const next = endOfPiece(places, index);
      const end = endOffset(places[next - 1] as VersionedPlace);
      if (!this.#copyKept({ segment, offset, end }, into.subarray(at))) {
        if (window?.segment !== segment || offset < window.from || end > window.from + window.content.length) {
          window = this.#read(places, index, next);
          if (window === undefined) return false;
        }
        const { from, content } = window;
        if (!isIntact(window, offset - from, end - offset)) return false;
        content.copy(into, at, offset - from, end - from);
      }
      at += end - offset;
      index = next;
    }
    return true;
  }

  /** Copies a piece that is in memory, from as many chunks as it is in. */
  #copyKept({ segment, offset, end }: { segment: number; offset: number; end: number }, into: Uint8Array): boolean {
    for (let from = offset; from < end; ) {
      const kept = this.#view.tail.find(segment, from, end);
      if (kept === undefined) return false;
      into.set(kept, from - offset);
      from += kept.length;
    }
    return true;
  }

  /** Reads a piece, with the trailer before it, and the next ones as far as they are near. */
  #read(places: readonly VersionedPlace[], index: number, next: number): Window | undefined {
    const { segment, offset } = places[index] as VersionedPlace;
    const from = offset - trailerBytes;
    let end = endOffset(places[next - 1] as VersionedPlace);
    for (let i = next; i < places.length; i++) {
      const place = places[i] as VersionedPlace;
      if (place.segment !== segment || place.offset - end > gapBytesMax) break;
      if (endOffset(place) - from > windowBytesMax) break;
      end = endOffset(place);
    }
    if (end - from > windowBytesMax) return undefined;
    const content = this.#buffer.subarray(0, end - from);
    const { segments } = this.#view;
    if (segments.readAtOnce(segment, content, from) !== content.length) return undefined;
    return { segment, from, content, salt: segments.holding(segment).salt };
  }
}

/** Behind the places that follow one another in the log from `index` on, as many as are read at once. */
function endOfPiece(places: readonly VersionedPlace[], index: number): number {
  const { segment, offset } = places[index] as VersionedPlace;
  let end = endOffset(places[index] as VersionedPlace);
  for (let next = index + 1; ; next++) {
    const place = places[next];
    if (place?.segment !== segment || place.offset !== end) return next;
    end += place.bytes;
    if (end - offset + trailerBytes > windowBytesMax) return next;
  }
}

function endOffset({ offset, bytes }: VersionedPlace): number {
  return offset + bytes;
}

function endsOf(places: readonly VersionedPlace[]): number[] {
  let end = 0;
  return places.map(({ bytes }) => {
    end += bytes;
    return end;
  });
}

/** Puts the lines into the reverse order; returns their new ends. */
function reverseLines(lines: Uint8Array, ends: readonly number[]): number[] {
  const copy = Buffer.from(lines.subarray(0, ends.at(-1)));
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
