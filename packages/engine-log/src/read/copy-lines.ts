/** Copies lines from wherever in the log they stand, where none of them has to be waited for. */
import { trailerBytes } from '../format/checksum.ts';
import type { VersionedPlace } from '../index/log-index.ts';
import type { LogTail } from '../segment/log-tail.ts';
import type { SegmentList } from '../segment/segment-list.ts';
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

export class LineCopier {
  readonly #segments: SegmentList;
  readonly #tail: LogTail;
  readonly #buffer = Buffer.allocUnsafeSlow(windowBytesMax);

  constructor({ segments, tail }: { segments: SegmentList; tail: LogTail }) {
    this.#segments = segments;
    this.#tail = tail;
  }

  /**
   * Copies the lines at these places one behind the other, those that follow one another in the log
   * as one piece; false if one of them is not intact, or would have to be waited for.
   */
  copy(places: readonly VersionedPlace[], into: Uint8Array): boolean {
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
      const kept = this.#tail.find(segment, from, end);
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
    if (this.#segments.readAtOnce(segment, content, from) !== content.length) return undefined;
    return { segment, from, content, salt: this.#segments.holding(segment).salt };
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
