import { escapeLineBreaks, jsonString, utf8Bytes } from './text.ts';

/** An event as a client proposes it, checked, not yet stored. */
export interface ProposedEvent {
  /** 1 to 256 bytes of UTF-8. */
  readonly type: string;
  /** Standard base64 with padding (RFC 4648 section 4), kept character for character; may be empty. */
  readonly data: string;
  /** The client's own name for the event, unique in its stream; it makes retries safe. */
  readonly id: string | undefined;
  /** A JSON object as JavaScript prints it. */
  readonly metadata: string | undefined;
}

/** An event as every read answers it: one JSON object. */
export interface RecordedEvent {
  readonly streamId: string;
  /** Place in the stream: 1, 2, 3, … */
  readonly version: number;
  readonly type: string;
  readonly data: string;
  readonly id?: string;
  /** When it was stored: RFC 3339 in UTC with milliseconds. Absent on items of the original service. */
  readonly time?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Place in the feed: 1, 2, 3, … Always there in reads of the feed. */
  readonly position?: number;
}

/** What an event is charged for beside its own text: field names, numbers, checksum, as stored. */
const envelopeBytes = 224;

/** An upper estimate of the bytes that an event takes as stored, the same for every engine. */
export function storedBytes(streamId: string, event: ProposedEvent): number {
  return (
    utf8Bytes(jsonString(streamId)) +
    utf8Bytes(jsonString(event.type)) +
    event.data.length +
    (event.id?.length ?? 0) +
    (event.metadata === undefined ? 0 : utf8Bytes(event.metadata)) +
    envelopeBytes
  );
}

/** Whether a stored event is what this proposal would have stored: the test for a retry. */
export function isSameEvent(stored: RecordedEvent, proposed: ProposedEvent): boolean {
  return (
    stored.id === proposed.id &&
    stored.type === proposed.type &&
    stored.data === proposed.data &&
    (stored.metadata === undefined ? undefined : escapeLineBreaks(JSON.stringify(stored.metadata))) ===
      proposed.metadata
  );
}
