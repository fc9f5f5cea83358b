/**
 * The one error class and the closed catalogue of its codes. Callers and tests look at codes,
 * never at texts. What a code means over HTTP is decided in one place of the server.
 */
export const errorTitles = {
  'bad-request': 'The request is not well-formed HTTP',
  'invalid-json': 'The body is not one JSON document',
  'invalid-utf8': 'The body is not valid UTF-8',
  'json-too-deep': 'The body is nested too deeply',
  'invalid-event': 'An event must be a JSON object',
  'no-events': 'An append needs at least one event',
  'unknown-field': 'The body has a field that clients cannot set',
  'invalid-event-type': 'The event type is not valid',
  'invalid-data': 'The event data is not standard base64',
  'invalid-event-id': 'The event id is not valid',
  'duplicate-event-id': 'Two events of one append have the same id',
  'invalid-metadata': 'The event metadata is not valid',
  'invalid-stream-id': 'The stream id is not valid',
  'reserved-stream-id': 'The stream id is reserved for the service',
  'invalid-version': 'The version is not a whole number from 1',
  'invalid-parameter': 'A query parameter is not valid',
  'unknown-parameter': 'A query parameter is not known',
  'invalid-cursor': 'The cursor is not a whole number',
  'cursor-ahead': 'The cursor is past the end of the feed',
  'invalid-path': 'The path cannot be decoded',
  'invalid-consumer': 'The name or definition of the consumer is not valid',
  'invalid-checkpoint': 'The checkpoint is not valid',
  unauthenticated: 'The request needs a valid bearer token',
  'foreign-origin': 'A web page of another origin sent the request',
  forbidden: 'The token does not allow this',
  'no-route': 'There is nothing at this path',
  'event-not-found': 'There is no such event',
  'consumer-not-found': 'There is no such consumer',
  'method-not-allowed': 'The path does not allow this method',
  'not-acceptable': 'None of the accepted media types can be served',
  'request-timeout': 'The request took too long to arrive',
  'version-conflict': 'The stream is not at the expected version',
  'event-id-reused': 'An event id was used before for something else',
  'consumer-exists': 'A consumer of this name is defined in another way',
  'checkpoint-conflict': 'The checkpoint is elsewhere, or was reset',
  'too-many-consumers': 'The store has as many consumers as it may',
  'event-lost': 'The event was lost to damage and given up',
  'body-too-large': 'The request body is too large',
  'event-too-large': 'An event is too large',
  'too-many-events': 'An append has too many events',
  'append-too-large': 'An append is too large',
  'target-too-long': 'The request target is too long',
  'encoding-not-supported': 'The content encoding is not supported',
  'expectation-failed': 'The expectation cannot be met',
  'foreign-host': 'The Host header names a foreign host',
  'rate-limited': 'Too many requests',
  'headers-too-large': 'The request head is too large',
  'event-corrupt': 'The event is damaged on disk',
  'internal-error': 'The server failed',
  'not-supported': 'The engine or its permissions do not allow this',
  overloaded: 'The server has more to do than it can hold',
  'read-only': 'The store accepts no appends',
  draining: 'The server is shutting down',
  'outcome-unknown': 'Whether the append was stored is not known',
  'engine-unavailable': 'The store is not available',
  'version-not-supported': 'The HTTP version is not supported',
  'disk-full': 'The disk is full',
} as const satisfies Record<string, string>;

/** A stable code of the closed catalogue. */
export type ErrorCode = keyof typeof errorTitles;

/** Typed members that stand beside `code` in an answer. Each code's page names the ones it has. */
export interface ErrorDetails {
  /** The stream's version, where it is not the expected one. */
  readonly currentVersion?: number;
  /** The limit that was passed, in the unit that the text names. */
  readonly limit?: number;
  /** Which event of the append, from 0. */
  readonly index?: number;
  /** Where in the body, as an RFC 6901 JSON pointer. */
  readonly pointer?: string;
  /** Which query parameter or header. */
  readonly name?: string;
  readonly streamId?: string;
  readonly version?: number;
  readonly position?: number;
  /** The consumer's epoch, where it is not the expected one. */
  readonly epoch?: string;
  /** The methods that the path allows. */
  readonly allow?: readonly string[];
  /** Seconds to wait before trying again. */
  readonly retryAfterSeconds?: number;
}

/**
 * An error that the user is told about: a code of the catalogue, a sentence that says what is
 * wrong and what to do, and typed details.
 */
export class EventStoreError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'EventStoreError';
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Throws on a broken invariant: a bug of ours, never a fault of the world. Stays on in production. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${message}`);
}
