import { type RawTarget, rawAppend } from './raw-case.ts';

/** Requests that arrive too slowly, or never to their end: 408 and close. */
interface SlowCase {
  readonly name: string;
  /** What is sent at once. */
  readonly bytes: (target: RawTarget) => string;
  /** What is then sent one byte after the other. */
  readonly drip: string;
}

const dripped = 'x'.repeat(10_000);

export const slowCases: readonly SlowCase[] = [
  { name: 'half a request line', bytes: () => 'GET /a', drip: '' },
  { name: 'a request line alone', bytes: ({ path }) => `GET ${path} HTTP/1.1\r\n`, drip: '' },
  { name: 'half a head', bytes: ({ path, host }) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nX: `, drip: '' },
  {
    name: 'a head that lacks its last line feed',
    bytes: ({ path, host }) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r`,
    drip: '',
  },
  {
    name: 'a head that drips',
    bytes: ({ path, host }) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nX: `,
    drip: dripped,
  },
  { name: 'a request line that drips', bytes: () => 'GET /', drip: dripped },
  {
    name: 'a body of which nothing comes',
    bytes: (target) => rawAppend(target, ['Content-Length: 100'], ''),
    drip: '',
  },
  {
    name: 'a body that is asked for, and does not come',
    bytes: (target) => rawAppend(target, ['Expect: 100-continue', 'Content-Length: 100'], ''),
    drip: '',
  },
  {
    name: 'a trailer that drips',
    bytes: (target) => rawAppend(target, ['Transfer-Encoding: chunked'], '0\r\nX: '),
    drip: dripped,
  },
  { name: 'a body that stops', bytes: (target) => rawAppend(target, ['Content-Length: 100'], '{"type":'), drip: '' },
  {
    name: 'a body that drips',
    bytes: (target) => rawAppend(target, ['Content-Length: 10000'], '{"type":"'),
    drip: dripped,
  },
  {
    name: 'a chunked body without an end',
    bytes: (target) => rawAppend(target, ['Transfer-Encoding: chunked'], '5\r\n{"typ\r\n'),
    drip: '',
  },
  {
    name: 'a chunk size that drips',
    bytes: (target) => rawAppend(target, ['Transfer-Encoding: chunked'], '5;a='),
    drip: dripped,
  },
];
