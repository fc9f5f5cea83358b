/** Parsing as the tests of core do it: one stream, the product's limits, refusals compared as data. */
import assert from 'node:assert/strict';
import {
  type ErrorCode,
  type ErrorDetails,
  EventStoreError,
  limits,
  type ProposedEvent,
  parseAppend,
  parseStreamId,
} from '@event-store/core';

const streamId = parseStreamId('account-1');

/** The events of an append body. */
export function parseBody(json: string): readonly ProposedEvent[] {
  return parseAppend(json, { streamId, expectedVersion: undefined, limits }).events;
}

/** The one event of an append body that is given as a value. */
export function parseOne(body: unknown): ProposedEvent {
  const [event, ...others] = parseBody(JSON.stringify(body));
  assert.ok(event !== undefined && others.length === 0);
  return event;
}

interface Refusal {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
}

/** What `action` is refused with; `undefined` when it is not. */
export function refusalOf(action: () => unknown): Refusal | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof EventStoreError, String(error));
    assert.match(error.message, /^\S.*\.$/s, 'a refusal is a sentence');
    return { code: error.code, details: error.details };
  }
}

/** Asserts that an append body is refused exactly so. */
export function bodyRefused(json: string, code: ErrorCode, details: ErrorDetails): void {
  assert.deepEqual(
    refusalOf(() => parseBody(json)),
    { code, details },
    json.slice(0, 200),
  );
}
