import type { RecordedEvent } from '@event-store/core';

/** An event as a client sends it. */
interface SentEvent {
  readonly type: string;
  readonly data: string;
  readonly id?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A valid event, with what the test is about in place of the usual. */
export function sampleEvent(fields: Partial<SentEvent> = {}): SentEvent {
  return { type: 'AmountDeposited', data: base64('{"amount":10000}'), ...fields };
}

/** Valid events that can be told apart by their data. */
export function sampleEvents(count: number, fields: Partial<SentEvent> = {}): SentEvent[] {
  return Array.from({ length: count }, (_, index) =>
    sampleEvent({ data: base64(`{"number":${index + 1}}`), ...fields }),
  );
}

/** The same, each with an id that starts with `prefix`. */
export function sampleEventsWithIds(count: number, prefix: string): SentEvent[] {
  return sampleEvents(count).map((event, index) => ({ ...event, id: `${prefix}:${index + 1}` }));
}

/** Standard base64 of text in UTF-8, or of so many zero bytes. */
export function base64(content: string | number): string {
  return (typeof content === 'string' ? Buffer.from(content) : Buffer.alloc(content)).toString('base64');
}

/** What the client had sent of an event that was read. */
export function sentPart({ type, data, id, metadata }: RecordedEvent): SentEvent {
  return { type, data, ...(id === undefined ? {} : { id }), ...(metadata === undefined ? {} : { metadata }) };
}

/** The versions of the events of a page. */
export function versionsOf(events: readonly RecordedEvent[]): number[] {
  return events.map(({ version }) => version);
}

/** 1, 2, 3, … up to `last`, or from `first`. */
export function numbersTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
