/** A page of a stream: what can be asked for, and where the next one starts. */
import type { Limits, StorageEngine, StreamId } from '@event-store/core';
import { jsonType } from './answer.ts';
import { entityTag } from './entity-tag.ts';
import { type PageContent, readPage } from './page.ts';
import { type PlacedBody, placePage, readToPlace } from './placed-body.ts';
import { invalidParameter, type Query } from './query.ts';

export interface StreamPageQuery {
  /** The version to start at; where it is not given, version 1 or the head. */
  readonly offset: number | undefined;
  readonly limit: number | undefined;
  readonly direction: 'forward' | 'backward';
}

export interface StreamPageRequest extends StreamPageQuery {
  readonly streamId: StreamId;
}

/** @throws EventStoreError `invalid-parameter`. */
export function streamPageQueryIn(query: Query, { pageEventsMax }: Limits): StreamPageQuery {
  const direction = query.text('direction') ?? 'forward';
  if (direction !== 'forward' && direction !== 'backward') {
    throw invalidParameter('direction', 'must be "forward" or "backward"');
  }
  return {
    offset: query.number('offset', { min: 0, max: Number.MAX_SAFE_INTEGER }),
    limit: query.number('limit', { min: 1, max: pageEventsMax }),
    direction,
  };
}

export function streamHeaders(version: number): readonly string[] {
  return ['ETag', entityTag(version), 'Vary', 'Accept'];
}

/** Reads the page of a stream that is at `version`. */
export async function readStreamPage(
  engine: StorageEngine,
  { streamId, offset, limit = engine.capabilities.limits.pageEventsDefault, direction }: StreamPageRequest,
  version: number,
): Promise<PageContent> {
  const start = offset ?? (direction === 'forward' ? 1 : version);
  const from = direction === 'forward' ? Math.max(start, 1) : start;
  const batches = from === 0 ? noBatches() : engine.readStream({ streamId, from, limit, direction });
  const { elements, last } = await readPage(batches);
  const step = direction === 'forward' ? 1 : -1;
  return { elements, pagination: paginationOf(last === undefined ? start : last.through + step) };
}

async function* noBatches(): AsyncGenerator<never> {}

/** `undefined` when it would have to be waited for. */
export function streamPageAtOnce(
  engine: StorageEngine,
  { streamId, offset, limit = engine.capabilities.limits.pageEventsDefault, direction }: StreamPageRequest,
  buffer: Buffer,
): PlacedBody | undefined {
  const isForward = direction === 'forward';
  const from = isForward ? Math.max(offset ?? 1, 1) : (offset ?? Number.MAX_SAFE_INTEGER);
  const part = readToPlace(engine, { streamId, from, limit, direction }, buffer);
  if (part === undefined) return undefined;
  const { version, lineEnds } = part;
  const start = offset ?? (isForward ? 1 : version);
  const next = isForward ? from + lineEnds.length : Math.min(from, version) - lineEnds.length;
  const pagination = paginationOf(lineEnds.length === 0 ? start : next);
  return { ...placePage(buffer, { lineEnds, pagination }), headers: [...jsonType, ...streamHeaders(version)] };
}

/** JSON. */
function paginationOf(nextOffset: number): string {
  return `{"nextOffset":${nextOffset}}`;
}
