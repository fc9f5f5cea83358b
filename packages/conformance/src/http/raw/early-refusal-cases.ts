import type { ErrorCode } from '@event-store/core';
import { type RawCase, type RawTarget, rawRequest } from './raw-case.ts';

/**
 * Requests that are refused by their head alone, while their body holds another request: the body
 * is a body all the same, so what is in it never runs, however the refusal came about.
 */
interface EarlyRefusal {
  readonly line: (target: RawTarget) => string;
  readonly headers?: readonly string[];
  readonly status: number;
  readonly code: ErrorCode;
}

const append = ({ path }: RawTarget): string => `POST ${path} HTTP/1.1`;

const refusals: Readonly<Record<string, EarlyRefusal>> = {
  'no route': { line: () => 'POST /a/b/c HTTP/1.1', status: 404, code: 'no-route' },
  'a method that the path lacks': {
    line: ({ path }) => `PUT ${path} HTTP/1.1`,
    status: 405,
    code: 'method-not-allowed',
  },
  'a method that a route of the service lacks': {
    line: () => 'POST /-/events HTTP/1.1',
    status: 405,
    code: 'method-not-allowed',
  },
  'a foreign origin': {
    line: append,
    headers: ['Origin: https://evil.example'],
    status: 403,
    code: 'foreign-origin',
  },
  'an encoded body': { line: append, headers: ['Content-Encoding: gzip'], status: 415, code: 'encoding-not-supported' },
  'a reserved stream id': { line: () => 'POST /- HTTP/1.1', status: 400, code: 'reserved-stream-id' },
  'a stream id that cannot be decoded': { line: () => 'POST /%zz HTTP/1.1', status: 400, code: 'invalid-stream-id' },
  'a version that is none': {
    line: ({ path }) => `POST ${path}/0 HTTP/1.1`,
    status: 400,
    code: 'invalid-version',
  },
  'an unknown parameter': {
    line: ({ path }) => `POST ${path}?limit=1 HTTP/1.1`,
    status: 400,
    code: 'unknown-parameter',
  },
};

/** The body as one that says its length, and in chunks. */
const framings: Readonly<Record<string, (content: string) => { header: string; content: string }>> = {
  'with a length': (content) => ({ header: `Content-Length: ${content.length}`, content }),
  'in chunks': (content) => ({
    header: 'Transfer-Encoding: chunked',
    content: `${content.length.toString(16)}\r\n${content}\r\n0\r\n\r\n`,
  }),
};

export const earlyRefusalCases: readonly RawCase[] = Object.entries(refusals).flatMap(
  ([name, { line, headers = [], status, code }]) =>
    Object.entries(framings).map(
      ([framing, frame]): RawCase => ({
        name: `${name}, ${framing}`,
        bytes: (target) => {
          const { header, content } = frame(target.smuggled);
          return rawRequest(target, { line: line(target), headers: [...headers, header], content });
        },
        status,
        code,
        connection: 'stays',
      }),
    ),
);
