import type { ProposedEvent } from './event.ts';
import type { StreamId } from './stream-id.ts';

/** Events for one stream. */
export interface StreamAppend {
  readonly streamId: StreamId;
  /** The version that the first event must get; `undefined` takes the next one, whatever it is. */
  readonly expectedVersion: number | undefined;
  /** 1 to 1,000 events; all have an id or none has. */
  readonly events: readonly ProposedEvent[];
}

/** One atomic write: all of it is stored, or nothing. */
export interface AppendRequest {
  /** At most `capabilities.streamsPerAppendMax` entries, each of another stream. */
  readonly streams: readonly StreamAppend[];
}

/** Where the events of one stream went. */
export interface StreamAppended {
  readonly streamId: StreamId;
  /** Version of the first event. */
  readonly firstVersion: number;
  /** Version of the last event. */
  readonly version: number;
  /** Position of the last event; absent where the engine gives positions after the commit. */
  readonly position: number | undefined;
}

/** What became of an append. A conflict is a value, not a throw. */
export type AppendResult =
  /** Stored by this request. */
  | { readonly outcome: 'appended'; readonly streams: readonly StreamAppended[] }
  /** Stored by an earlier, equal request; the answer is that request's. */
  | { readonly outcome: 'replayed'; readonly streams: readonly StreamAppended[] }
  /** The expected version is not the next one. */
  | { readonly outcome: 'version-conflict'; readonly streamId: StreamId; readonly currentVersion: number }
  /** An id is known in this stream with other content, with other neighbours or in part. */
  | {
      readonly outcome: 'event-id-reused';
      readonly streamId: StreamId;
      readonly eventId: string;
      readonly index: number;
    };
