/** Refusals: RFC 9457 problem details with a stable code, the same from every place that refuses. */
import { type ErrorCode, type ErrorDetails, EventStoreError, errorTitles } from '@event-store/core';
import type { Answer } from './answer.ts';
import { statusOf } from './status-of.ts';

export interface Problem {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly details?: ErrorDetails;
}

/** The client can try these again without changing anything. */
const retryAfterSecondsDefault: { readonly [code in ErrorCode]?: number } = {
  overloaded: 1,
  draining: 1,
  'engine-unavailable': 1,
  'rate-limited': 1,
};

export function problemOf(error: unknown): Problem {
  if (error instanceof EventStoreError) return { code: error.code, detail: error.message, details: error.details };
  return { code: 'internal-error', detail: 'The server failed to answer; its log says why.' };
}

export function problemAnswer(problem: Problem): Answer<string> {
  return { status: statusOf[problem.code], headers: headersOf(problem), body: bodyOf(problem) };
}

function headersOf({ code, details = {} }: Problem): string[] {
  const headers = ['Content-Type', 'application/problem+json'];
  const retryAfterSeconds = details.retryAfterSeconds ?? retryAfterSecondsDefault[code];
  if (retryAfterSeconds !== undefined) headers.push('Retry-After', `${retryAfterSeconds}`);
  if (details.allow !== undefined) headers.push('Allow', details.allow.join(', '));
  if (code === 'unauthenticated') headers.push('WWW-Authenticate', 'Bearer');
  return headers;
}

function bodyOf({ code, detail, details }: Problem): string {
  return JSON.stringify({
    type: `urn:event-store:problem:${code}`,
    title: errorTitles[code],
    status: statusOf[code],
    detail,
    code,
    ...details,
  });
}
