/**
 * The shape of every refusal, RFC 9457 with a stable code, and the one status of each code, taken
 * from the specification and not from the server, so that the two can disagree.
 */
import assert from 'node:assert/strict';
import { type ErrorCode, type ErrorDetails, errorTitles, type Problem } from '@event-store/core';
import type { HttpAnswer } from './store-client.ts';

/** The HTTP status of each code of the catalogue. */
const problemStatuses: Readonly<Record<ErrorCode, number>> = {
  'bad-request': 400,
  'invalid-json': 400,
  'invalid-utf8': 400,
  'json-too-deep': 400,
  'invalid-event': 400,
  'no-events': 400,
  'unknown-field': 400,
  'invalid-event-type': 400,
  'invalid-data': 400,
  'invalid-event-id': 400,
  'duplicate-event-id': 400,
  'invalid-metadata': 400,
  'invalid-stream-id': 400,
  'reserved-stream-id': 400,
  'invalid-version': 400,
  'invalid-parameter': 400,
  'unknown-parameter': 400,
  'invalid-cursor': 400,
  'cursor-ahead': 400,
  'invalid-path': 400,
  'invalid-consumer': 400,
  'invalid-checkpoint': 400,
  unauthenticated: 401,
  'foreign-origin': 403,
  forbidden: 403,
  'no-route': 404,
  'event-not-found': 404,
  'consumer-not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  'request-timeout': 408,
  'version-conflict': 409,
  'event-id-reused': 409,
  'consumer-exists': 409,
  'checkpoint-conflict': 409,
  'too-many-consumers': 409,
  'event-lost': 410,
  'body-too-large': 413,
  'event-too-large': 413,
  'too-many-events': 413,
  'append-too-large': 413,
  'target-too-long': 414,
  'encoding-not-supported': 415,
  'expectation-failed': 417,
  'foreign-host': 421,
  'rate-limited': 429,
  'headers-too-large': 431,
  'event-corrupt': 500,
  'internal-error': 500,
  'not-supported': 501,
  overloaded: 503,
  'read-only': 503,
  draining: 503,
  'outcome-unknown': 503,
  'engine-unavailable': 503,
  'version-not-supported': 505,
  'disk-full': 507,
};

/** Insists on the refusal with this code, whole in its shape, with these members beside it. */
export function expectProblem(answer: HttpAnswer, code: ErrorCode, members: ErrorDetails = {}): void {
  assert.equal(`${answer.status} ${codeOf(answer)}`, `${problemStatuses[code]} ${code}`, answer.text);
  assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json(;|$)/);
  assert.equal(answer.headers['cache-control'], 'no-store');
  const problem = JSON.parse(answer.text) as Problem & ErrorDetails & Record<string, unknown>;
  assert.equal(problem.status, answer.status);
  for (const name of ['type', 'title', 'detail'] as const) {
    assert.equal(typeof problem[name], 'string', name);
    assert.notEqual(problem[name], '', name);
  }
  assert.equal(problem.title, errorTitles[code]);
  assert.ok(!('stack' in problem), 'no stack');
  assert.doesNotMatch(answer.text, /\bat [^ ]+ \(|node_modules|\.ts:\d/, 'nothing of the inside');
  for (const [name, value] of Object.entries(members)) assert.deepEqual(problem[name], value, name);
}

/** The code of a refusal; a note where the answer is none. */
function codeOf({ text }: HttpAnswer): string {
  try {
    return (JSON.parse(text) as Problem).code ?? 'without a code';
  } catch {
    return 'without a code';
  }
}
