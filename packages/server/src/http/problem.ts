/**
 * Refusals: RFC 9457 problem details with a stable code, the same from every place that refuses,
 * also from those that have nothing but a socket to write to.
 */
import { type ServerResponse, STATUS_CODES } from 'node:http';
import { type ErrorCode, type ErrorDetails, EventStoreError, errorTitles } from '@event-store/core';
import { send } from './send.ts';
import { statusOf } from './status-of.ts';

interface Problem {
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

export function sendProblem(response: ServerResponse, problem: Problem): void {
  send(response, { status: statusOf[problem.code], headers: headersOf(problem), body: bodyOf(problem) });
}

/** A whole answer for a connection on which HTTP went wrong; it is closed afterwards. */
export function rawProblem(problem: Problem): string {
  const body = bodyOf(problem);
  const lines = [
    `HTTP/1.1 ${statusOf[problem.code]} ${STATUS_CODES[statusOf[problem.code]]}`,
    'Connection: close',
    'Cache-Control: no-store',
  ];
  const headers = headersOf(problem);
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  lines.push(`Content-Length: ${Buffer.byteLength(body)}`, '', body);
  return lines.join('\r\n');
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
