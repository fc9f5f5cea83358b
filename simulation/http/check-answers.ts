/** What every answer must be, whatever was asked: well-formed, of the closed catalogue, and never a fault of ours. */
import assert from 'node:assert/strict';
import { expectProblem } from '../../packages/conformance/src/http/expect-problem.ts';
import type { HttpAnswer } from '../../packages/conformance/src/http/store-client.ts';
import type { ErrorCode } from '../../packages/core/src/errors.ts';

/** Of requests that are served. */
const statuses = new Set([200, 204, 304]);
/** A server in good health, with nothing but odd requests, never answers these. */
const faultsOfOurs = new Set<ErrorCode>([
  'internal-error',
  'event-corrupt',
  'outcome-unknown',
  'read-only',
  'draining',
]);

export function checkAnswers(answers: readonly HttpAnswer[]): void {
  for (const [index, answer] of answers.entries()) {
    if (answer.headers.connection === 'close') assert.equal(index, answers.length - 1, 'nothing follows a close');
    if (statuses.has(answer.status)) continue;
    const { code } = JSON.parse(answer.text || '{"code":"without a body"}') as { code: ErrorCode };
    expectProblem(answer, code);
    assert.ok(!faultsOfOurs.has(code), answer.text);
  }
}
