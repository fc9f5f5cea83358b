/**
 * What clients asked and were told: a list of records that is the only thing the checker sees. As a
 * file it is one JSON object a line. Times are milliseconds of one monotonic clock.
 */

/** An event as somebody saw it. */
export interface SeenEvent {
  readonly streamId: string;
  readonly version: number;
  /** Absent where an engine does not tell it in reads of a stream. */
  readonly position?: number;
  readonly type: string;
  /** A fingerprint of everything that the client sent; different for each event ever sent. */
  readonly content: string;
  readonly time?: string;
}

export interface Call {
  readonly client: string;
  readonly invokedMs: number;
  readonly returnedMs: number;
}

/** Sent once; a request that is sent again is one more of these, with the same number. */
export interface AppendCall extends Call {
  readonly kind: 'append';
  readonly request: number;
  readonly streamId: string;
  readonly expectedVersion?: number;
  readonly contents: readonly string[];
  /** The client's own names for the events, where it gave them. */
  readonly ids?: readonly string[];
  readonly answer: AppendAnswer;
}

export type AppendAnswer =
  | {
      readonly outcome: 'ok';
      readonly firstVersion: number;
      readonly version: number;
      readonly position?: number;
      readonly isReplay: boolean;
    }
  | { readonly outcome: 'conflict'; readonly currentVersion: number }
  /** The server says why it did nothing. */
  | { readonly outcome: 'rejected'; readonly code: string }
  /** No answer, half of one, or one that says that it is not known. */
  | { readonly outcome: 'unknown'; readonly reason: string };

export interface StreamRead extends Call {
  readonly kind: 'stream-read';
  readonly streamId: string;
  /** The version of the stream that the answer told, at some instant of the call. */
  readonly head?: number;
  /** Neighbours: versions go up by one, or down. */
  readonly saw: readonly SeenEvent[];
  /** The version that was to be the first; none where the server chose. */
  readonly from?: number;
  readonly isForward: boolean;
  /** Whether it read on until there was nothing more. */
  readonly isToEnd: boolean;
}

export interface FeedFilter {
  readonly types?: readonly string[];
  readonly streamPrefix?: string;
}

export interface FeedRead extends Call {
  readonly kind: 'feed-read';
  readonly after: number;
  readonly filter?: FeedFilter;
  readonly saw: readonly SeenEvent[];
  /** The last position looked at. */
  readonly through: number;
  /** Whether that was the end, at some instant of the call. */
  readonly isAtEnd: boolean;
}

/** One connection of a subscriber: its first cursor is the last one of the connection before. */
export interface Connection extends Call {
  readonly kind: 'connection';
  /** The stream; the feed where there is none. */
  readonly streamId?: string;
  readonly filter?: FeedFilter;
  readonly after: number;
  readonly saw: readonly SeenEvent[];
  /** When each of them came. */
  readonly sawMs: readonly number[];
  /** Ends that it was told to have reached. */
  readonly ends: readonly { readonly cursor: number; readonly atMs: number }[];
  /** The last cursor that it was told. */
  readonly through: number;
}

/** Everything that is stored, read when all faults are over. */
export interface StoredRead {
  readonly kind: 'stored';
  readonly moment: 'healed' | 'restarted';
  /** The stream; the feed where there is none. */
  readonly streamId?: string;
  readonly events: readonly SeenEvent[];
}

/** From here on nothing is disturbed, and nothing is appended. */
export interface Healed {
  readonly kind: 'healed';
  readonly atMs: number;
}

export type HistoryRecord = AppendCall | StreamRead | FeedRead | Connection | StoredRead | Healed;
export type History = readonly HistoryRecord[];

export function encodeHistory(history: History): string {
  return history.map((each) => `${JSON.stringify(each)}\n`).join('');
}

export function decodeHistory(text: string): History {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Whether an event passes a filter. */
export function passes({ streamId, type }: SeenEvent, filter: FeedFilter = {}): boolean {
  const { types, streamPrefix = '' } = filter;
  return (types === undefined || types.includes(type)) && streamId.startsWith(streamPrefix);
}
