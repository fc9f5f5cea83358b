/** Reads a stream: looks up where its events are, and reads and checks their lines. */
import { type Batch, EventStoreError, limits, type ReadStreamRequest } from '@event-store/core';
import type { VersionedPlace } from '../index/log-index.ts';
import { isLineOf, lineStartOf } from './line-start.ts';
import { type LogView, mayGoOn, placesOf, visibleVersion } from './log-view.ts';
import { readLines } from './read-lines.ts';

/** Versions whose places are looked up at once. */
const lookupVersionsMax = 1_000;

export async function* readStream(view: LogView, request: ReadStreamRequest): AsyncGenerator<Batch> {
  const { streamId, direction } = request;
  const head = visibleVersion(view, streamId);
  const step = direction === 'forward' ? 1 : -1;
  if (direction === 'backward' && request.from > head) checkEnd(view, streamId, head + 1);
  let from = direction === 'forward' ? request.from : Math.min(request.from, head);
  let wanted = request.limit ?? Number.POSITIVE_INFINITY;
  while (wanted > 0 && from >= 1 && from <= head) {
    const to = Math.max(1, Math.min(head, from + step * (Math.min(wanted, lookupVersionsMax) - 1)));
    const known = placesOf(view, { streamId, from: Math.min(from, to), through: Math.max(from, to) });
    if (step < 0) known.reverse();
    const places = untilGap(known, from, step);
    for await (const batch of batches(view, streamId, places)) {
      wanted -= batch.count;
      yield batch;
    }
    if (places.length <= Math.abs(to - from)) throw eventCorrupt(streamId, from + step * places.length);
    from = to + step;
  }
  if (direction === 'forward' && wanted > 0 && from > head) checkEnd(view, streamId, Math.max(head + 1, request.from));
}

/** @throws EventStoreError `event-corrupt` where nobody can say that the stream ends before `version`. */
export function checkEnd(view: LogView, streamId: string, version: number): void {
  if (!mayGoOn(view, streamId, visibleVersion(view, streamId))) return;
  const text = `Events are lost of which it is not known whose they were: whether the stream has a version ${version} cannot be said. What is left of it can be read from the feed, with streamPrefix, and event by event. Restore the log from a copy, or repair it.`;
  throw new EventStoreError('event-corrupt', text, { details: { streamId, version } });
}

/** The places up to the first version that has none: its line could not be read. */
function untilGap(places: VersionedPlace[], from: number, step: number): VersionedPlace[] {
  const gap = places.findIndex(({ version }, index) => version !== from + step * index);
  return gap < 0 ? places : places.slice(0, gap);
}

async function* batches(view: LogView, streamId: string, places: readonly VersionedPlace[]): AsyncGenerator<Batch> {
  const lineStart = lineStartOf(streamId);
  for (let start = 0; start < places.length; ) {
    let end = start;
    for (let bytes = 0; end < places.length; end++) {
      bytes += (places[end] as VersionedPlace).bytes;
      if (end > start && bytes > limits.batchBytesMax) break;
    }
    const part = places.slice(start, end);
    const lines = await readLines(view, part);
    const corrupt = lines.findIndex(
      (line, index) => line === undefined || !isOf(line, { lineStart, version: part[index]?.version ?? 0 }),
    );
    const intact = (corrupt < 0 ? lines : lines.slice(0, corrupt)) as Buffer[];
    const count = intact.filter((line) => line.length > 0).length;
    if (intact.length > 0)
      yield { lines: Buffer.concat(intact), count, through: part[intact.length - 1]?.version ?? 0 };
    if (corrupt >= 0) {
      view.foundDamage({ streamId, ...(part[corrupt] as VersionedPlace) });
      throw eventCorrupt(streamId, part[corrupt]?.version ?? 0);
    }
    start = end;
  }
}

/** Whether a line is that of the version asked for, or empty, where it was given up. */
function isOf(line: Buffer, wanted: Parameters<typeof isLineOf>[2]): boolean {
  return line.length === 0 || isLineOf(line, 0, wanted);
}

function eventCorrupt(streamId: string, version: number): EventStoreError {
  const text = `Version ${version} of the stream is damaged on disk. Restore it from a backup.`;
  return new EventStoreError('event-corrupt', text, { details: { streamId, version } });
}
