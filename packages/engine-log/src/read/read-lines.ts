/**
 * Reads single lines from anywhere in the log: those that stand near each other in one go, each
 * checked from the digits before it. Lines that are still in memory need neither.
 */
import { limits } from '@event-store/core';
import { readTrailer, salted, trailerBytes, verifyLines } from '../format/checksum.ts';
import { decodeLostLine, isLostLine } from '../format/lost-line.ts';
import type { EventPlace } from '../index/log-index.ts';
import type { LogFiles } from '../segment/log-cursor.ts';
import type { SegmentList } from '../segment/segment-list.ts';

/** Lines so far apart are read together: reading so much more costs less than another read. */
export const gapBytesMax = 16 * 1024;

/** More would only queue for the threads that read, and hold files open. */
const readsAtOnceMax = 8;

/** Neighbouring places that are read as one; the bytes begin with the trailer before the first line. */
interface Run {
  readonly segment: number;
  readonly from: number;
  to: number;
  /** In the order of the log. */
  readonly places: EventPlace[];
}

/** What stands there. */
interface ReadRun extends Run {
  readonly content: Buffer;
  readonly salt: number;
}

/** The lines at these places, in this order; empty for one that was given up, `undefined` for a damaged one. */
export async function readLines(
  { segments, tail }: LogFiles,
  places: readonly EventPlace[],
): Promise<(Buffer | undefined)[]> {
  const lines = places.map(({ segment, offset, bytes }) => {
    const kept = tail?.find(segment, offset, offset + bytes);
    return kept?.length === bytes ? kept : undefined;
  });
  const missing = places.filter((_, index) => lines[index] === undefined);
  if (missing.length === 0) return lines;
  const runs = toRuns(missing);
  const found = new Map<EventPlace, Buffer | undefined>();
  for (let start = 0; start < runs.length; start += readsAtOnceMax) {
    const some = runs.slice(start, start + readsAtOnceMax);
    await Promise.all(some.map(async (run) => checkRun(await readRun(segments, run), found)));
  }
  return places.map((place, index) => lines[index] ?? found.get(place));
}

async function readRun(segments: SegmentList, run: Run): Promise<ReadRun> {
  const { segment, from, to } = run;
  const content = Buffer.allocUnsafe(to - from);
  const bytes = await segments.read(segment, content, from);
  return { ...run, content: content.subarray(0, bytes), salt: segments.holding(segment).salt };
}

function toRuns(places: readonly EventPlace[]): Run[] {
  const runs: Run[] = [];
  const inOrder = [...places].sort((a, b) => a.position - b.position);
  for (const place of inOrder) {
    const { segment, offset, bytes } = place;
    const last = runs.at(-1);
    const isNear =
      last?.segment === segment &&
      offset - last.to <= gapBytesMax &&
      offset + bytes - last.from <= limits.batchBytesMax;
    if (last && isNear) {
      last.to = offset + bytes;
      last.places.push(place);
    } else runs.push({ segment, from: offset - trailerBytes, to: offset + bytes, places: [place] });
  }
  return runs;
}

/** Finds the lines of a run, each that is intact: those that follow one another are checked by one call. */
function checkRun(run: ReadRun, found: Map<EventPlace, Buffer | undefined>): void {
  const { from, places, content } = run;
  for (let first = 0; first < places.length; ) {
    const start = (places[first] as EventPlace).offset;
    let end = start;
    let next = first;
    for (; places[next]?.offset === end; next++) end += (places[next] as EventPlace).bytes;
    const areIntact = isIntact(run, start - from, end - start);
    for (const place of places.slice(first, next)) {
      const at = place.offset - from;
      found.set(place, areIntact ? content.subarray(at, at + place.bytes) : checkedLine(run, at, place.bytes));
    }
    first = next;
  }
}

/** The line at `at` of a run; empty where it was given up, `undefined` where it is damaged. */
function checkedLine(run: ReadRun, at: number, bytes: number): Buffer | undefined {
  const line = run.content.subarray(at, at + bytes);
  if (isLostLine(line)) return decodeLostLine(line, run.salt) && line.subarray(0, 0);
  return isIntact(run, at, bytes) ? line : undefined;
}

/** Whether the lines at `at` of a run follow from the digits before them. */
export function isIntact({ content, salt }: Pick<ReadRun, 'content' | 'salt'>, at: number, bytes: number): boolean {
  const previous = readTrailer(content, at - trailerBytes);
  const withTrailer = content.subarray(at - trailerBytes, at + bytes);
  return (
    previous !== undefined &&
    withTrailer.length === trailerBytes + bytes &&
    verifyLines(withTrailer, salted(previous, salt), salt) !== undefined
  );
}
