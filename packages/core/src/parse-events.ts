/**
 * The one parser of append bodies: from JSON text to a checked append. Every refusal has its own
 * code and says which event and which field.
 */
import type { StreamAppend } from './append.ts';
import { type ErrorCode, type ErrorDetails, EventStoreError } from './errors.ts';
import { type ProposedEvent, storedBytes } from './event.ts';
import type { Limits } from './limits.ts';
import { holdsInexact, holdsNumber, parseJson, parseMarkingInexact } from './parse-json.ts';
import type { StreamId } from './stream-id.ts';
import { escapeLineBreaks, fitsUtf8, hasControlCharacter } from './text.ts';

/**
 * Parses the body of an append: one event, or an array of events.
 *
 * @throws EventStoreError with the codes of the append section of the HTTP reference; nothing is
 *   coerced, dropped or invented.
 */
export function parseAppend(
  json: string,
  { streamId, expectedVersion, limits }: { streamId: StreamId; expectedVersion: number | undefined; limits: Limits },
): StreamAppend {
  const body = parseJson(json, limits.jsonDepthMax);
  const isBatch = Array.isArray(body);
  const values: readonly unknown[] = isBatch ? body : [body];
  if (values.length === 0)
    throw new EventStoreError('no-events', 'The array is empty; an append needs at least one event.');
  if (values.length > limits.appendEventsMax) {
    throw new EventStoreError(
      'too-many-events',
      `An append holds at most ${limits.appendEventsMax} events; this one has ${values.length}.`,
      {
        details: { limit: limits.appendEventsMax },
      },
    );
  }
  const events = values.map((value, index) =>
    parseEvent(value, { index, pointer: isBatch ? `/${index}` : '', limits }),
  );
  checkIds(events);
  checkNumbers(json, values);
  checkSize(streamId, events, limits);
  return { streamId, expectedVersion, events };
}

/** Where in the body an event stands, for messages. */
interface Place {
  readonly index: number;
  readonly pointer: string;
  readonly limits: Limits;
}

function refuse(code: ErrorCode, place: Place, what: string, details: ErrorDetails = {}): never {
  throw new EventStoreError(code, `Event ${place.index}: ${what}.`, { details: { index: place.index, ...details } });
}

function parseEvent(value: unknown, place: Place): ProposedEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse('invalid-event', place, 'an event is a JSON object with "type" and "data"', { pointer: place.pointer });
  }
  for (const name of Object.keys(value)) {
    if (name !== 'type' && name !== 'data' && name !== 'id' && name !== 'metadata') {
      const pointer = `${place.pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      refuse('unknown-field', place, 'only "type", "data", "id" and "metadata" can be set', { pointer });
    }
  }
  const fields = value as Readonly<Record<string, unknown>>;
  return {
    type: parseType(fields.type, place),
    data: parseData(fields.data, place),
    id: fields.id === undefined ? undefined : parseId(fields.id, place),
    metadata: fields.metadata === undefined ? undefined : printMetadata(fields.metadata, place),
  };
}

function parseType(type: unknown, place: Place): string {
  if (typeof type !== 'string' || type === '')
    refuse('invalid-event-type', place, '"type" must be a string that is not empty');
  const { eventTypeBytesMax } = place.limits;
  if (!fitsUtf8(type, eventTypeBytesMax)) {
    refuse('invalid-event-type', place, `"type" is longer than ${eventTypeBytesMax} bytes of UTF-8`, {
      limit: eventTypeBytesMax,
    });
  }
  if (!type.isWellFormed()) refuse('invalid-event-type', place, '"type" holds a lone surrogate');
  if (hasControlCharacter(type)) refuse('invalid-event-type', place, '"type" holds a control character');
  return type;
}

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

function parseData(data: unknown, place: Place): string {
  if (typeof data !== 'string')
    refuse('invalid-data', place, '"data" must be a string of standard base64 (it may be empty)');
  if (!isBase64(data)) refuse('invalid-data', place, `"data" ${whatIsWrongWithBase64(data)}`);
  const bytes = decodedBytes(data);
  const limit = place.limits.eventBytesMax;
  if (bytes > limit)
    refuse('event-too-large', place, `"data" is ${bytes} bytes decoded; at most ${limit} are allowed`, { limit });
  return data;
}

/** From here on it takes less time to decode than to look at each character. */
const longDataCharacters = 1_024;

function isBase64(data: string): boolean {
  if (data.length % 4 !== 0) return false;
  if (data.length < longDataCharacters) return base64.test(data);
  try {
    // White space, which decoding passes over, makes it shorter.
    return Uint8Array.fromBase64(data).length === decodedBytes(data);
  } catch {
    return false;
  }
}

function decodedBytes(data: string): number {
  return (data.length / 4) * 3 - (data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0);
}

function whatIsWrongWithBase64(data: string): string {
  if (/[-_]/.test(data)) return 'uses the URL-safe alphabet; use "+" and "/" (RFC 4648 section 4)';
  if (/\s/.test(data)) return 'holds white space or line breaks; base64 must be on one line';
  if (/[^A-Za-z0-9+/=]/.test(data)) return 'holds characters that are not base64';
  if (!base64.test(data)) return 'has its padding "=" in the wrong place';
  return 'lacks its padding: the length must be a multiple of 4';
}

const idPattern = /^[A-Za-z0-9._:-]+$/;

function parseId(id: unknown, place: Place): string {
  const limit = place.limits.eventIdCharactersMax;
  if (typeof id !== 'string' || id.length > limit || !idPattern.test(id)) {
    refuse('invalid-event-id', place, `"id" must be 1 to ${limit} characters of A-Z a-z 0-9 . _ : -`);
  }
  return id;
}

function printMetadata(metadata: unknown, place: Place): string {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    refuse('invalid-metadata', place, '"metadata" must be a JSON object');
  }
  const printed = escapeLineBreaks(JSON.stringify(metadata));
  const limit = place.limits.metadataBytesMax;
  if (!fitsUtf8(printed, limit))
    refuse('invalid-metadata', place, `"metadata" is longer than ${limit} bytes as printed`, { limit });
  return printed;
}

function checkIds(events: readonly ProposedEvent[]): void {
  if (events.every((event) => event.id === undefined)) return;
  const seen = new Set<string>();
  for (const [index, { id }] of events.entries()) {
    if (id === undefined) {
      throw new EventStoreError(
        'invalid-event-id',
        `Event ${index} has no id, but others have: all events of an append have one, or none has.`,
        {
          details: { index },
        },
      );
    }
    if (seen.has(id))
      throw new EventStoreError('duplicate-event-id', `Event ${index} has the id of an earlier event.`, {
        details: { index },
      });
    seen.add(id);
  }
}

/** Refuses metadata whose numbers would come back with another value. */
function checkNumbers(json: string, values: readonly unknown[]): void {
  if (!values.some((value) => holdsNumber((value as ProposedEvent).metadata))) return;
  const marked = parseMarkingInexact(json);
  const index = (Array.isArray(marked) ? marked : [marked]).findIndex((value) =>
    holdsInexact((value as ProposedEvent).metadata),
  );
  if (index >= 0) {
    throw new EventStoreError(
      'invalid-metadata',
      `Event ${index}: "metadata" holds a number that a double cannot hold exactly; send it as a string.`,
      {
        details: { index },
      },
    );
  }
}

function checkSize(streamId: StreamId, events: readonly ProposedEvent[], { appendBytesMax }: Limits): void {
  if (events.length === 1) return;
  let bytes = 0;
  for (const event of events) bytes += storedBytes(streamId, event);
  if (bytes > appendBytesMax) {
    throw new EventStoreError(
      'append-too-large',
      `The append takes ${bytes} bytes as stored; at most ${appendBytesMax} are allowed. Split it.`,
      {
        details: { limit: appendBytesMax },
      },
    );
  }
}
