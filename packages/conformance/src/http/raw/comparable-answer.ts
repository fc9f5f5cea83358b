/** An answer without what differs from one append to the next, so that two can be compared. */
import type { RecordedEvent } from '@event-store/core';
import type { HttpAnswer } from '../store-client.ts';

interface ComparableAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly content: unknown;
}

/** Leaves out time, place in the feed, and what the engine adds; the stream's name becomes `S`. */
export function comparableAnswer(answer: HttpAnswer, streamId: string): ComparableAnswer {
  const text = answer.text.replaceAll(streamId, 'S');
  // The length says nothing new: the answer was found by it.
  const { date, 'content-length': length, ...headers } = answer.headers;
  const content = String(headers['content-type']).includes('json') && text !== '' ? contentOf(JSON.parse(text)) : text;
  const location = headers.location?.replaceAll(streamId, 'S');
  return { status: answer.status, headers: { ...headers, ...(location !== undefined && { location }) }, content };
}

function contentOf(answer: { payload?: readonly RecordedEvent[]; position?: unknown }): unknown {
  if (answer.payload === undefined) return { ...answer, position: undefined };
  const events = answer.payload.map(({ streamId, version, type, data, id }) => ({ streamId, version, type, data, id }));
  return { ...answer, payload: events };
}
