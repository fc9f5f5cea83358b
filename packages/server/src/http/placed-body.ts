/**
 * Bodies that are put together in a buffer with room before them for the head, so that an answer is
 * one piece and nothing of it is copied twice.
 *
 *     ┌──────── room for a head ───────┬─────────────────── body ──────────────────┐
 *     │                … HTTP/1.1 200 …│{"pagination":…,"payload":[│event,event│]}│ …
 *     └────────────────────────────────┴───────────────────────────┴───────────┴───┘
 *                                     start                    placeOfLines       end
 */
import type { ReadStreamRequest, StorageEngine, StreamPart } from '@event-store/core';
import { pageEnd, pageOpening } from './page.ts';

export interface PlacedBody {
  readonly start: number;
  readonly end: number;
  readonly headers: readonly string[];
}

/** Where the lines of events are put. */
export const placeOfLines = 1_024;

/** Reads lines to their place in `buffer`; `undefined` where they would have to be waited for. */
export function readToPlace(
  engine: StorageEngine,
  request: ReadStreamRequest & { readonly limit: number },
  buffer: Buffer,
): StreamPart | undefined {
  return engine.readStreamAtOnce?.(request, buffer.subarray(placeOfLines, -pageEnd.length));
}

const comma = 0x2c;

/** Makes a page of lines that stand at their place in `buffer`; `pagination` is JSON. */
export function placePage(
  buffer: Buffer,
  { lineEnds, pagination }: { lineEnds: readonly number[]; pagination: string },
): Pick<PlacedBody, 'start' | 'end'> {
  for (const end of lineEnds) buffer[placeOfLines + end - 1] = comma;
  const opening = pageOpening(pagination);
  const start = placeOfLines - opening.length;
  buffer.write(opening, start, 'latin1');
  // In the place of the last comma, if there is one.
  const end = placeOfLines + Math.max(0, (lineEnds.at(-1) ?? 0) - 1);
  pageEnd.copy(buffer, end);
  return { start, end: end + pageEnd.length };
}
