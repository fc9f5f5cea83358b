import type { IncomingHttpHeaders } from 'node:http';
import { EventStoreError } from '@event-store/core';
import { invalidParameter } from '../http/query.ts';
import { wholeNumber } from '../http/stream-path.ts';

/**
 * The cursor behind which a subscription starts: that of `Last-Event-ID`, otherwise that of the
 * parameter, otherwise the beginning. A browser that reconnects repeats its URL and adds how far it
 * has come; an id before the place in the URL was never sent to it.
 *
 * @throws EventStoreError `invalid-cursor`; `invalid-parameter` where the id is before the parameter.
 */
export function startingCursor(
  headers: IncomingHttpHeaders,
  parameter: { readonly name: 'after' | 'offset'; readonly cursor: number | undefined },
): number {
  const lastEventId = headers['last-event-id'];
  if (lastEventId === undefined) return parameter.cursor ?? 0;
  const cursor = typeof lastEventId === 'string' ? wholeNumber(lastEventId) : undefined;
  if (cursor === undefined) {
    throw new EventStoreError(
      'invalid-cursor',
      '"Last-Event-ID" must be a whole number, as an "id" of this answer is.',
      {
        details: { name: 'Last-Event-ID' },
      },
    );
  }
  if (cursor < (parameter.cursor ?? 0)) {
    throw invalidParameter(parameter.name, 'names a place behind that of "Last-Event-ID"; send one of them');
  }
  return cursor;
}
