import { body, type RawCase, rawAppend, rawRequest } from './raw-case.ts';

/** What looks odd and is allowed: refusing all of it would be easy, and wrong. */
const size = body.length.toString(16);

const requests: Readonly<Record<string, RawCase['bytes']>> = {
  'an empty line in front of the request line': (target) => `\r\n${rawAppend(target, ['Content-Length: {n}'])}`,
  'a body with Content-Length': (target) => rawAppend(target, ['Content-Length: {n}']),
  'a header name in odd case': (target) => rawAppend(target, ['cOnTeNt-LeNgTh: {n}']),
  'no space behind the colon': (target) => rawAppend(target, ['Content-Length:{n}']),
  'spaces and tabs around a value': (target) => rawAppend(target, ['Content-Length: \t {n} \t']),
  'a header without a value': (target) => rawAppend(target, ['X:', 'Content-Length: {n}']),
  'a header value in Latin-1': (target) => rawAppend(target, ['X: \xe9', 'Content-Length: {n}']),
  'a header named __proto__': (target) => rawAppend(target, ['__proto__: x', 'Content-Length: {n}']),
  'headers named like methods of objects': (target) =>
    rawAppend(target, ['constructor: x', 'toString: x', 'hasOwnProperty: x', 'Content-Length: {n}']),
  'every character that a header name may have': (target) =>
    rawAppend(target, ["X!#$%&'*+-.^_`|~09az: x", 'Content-Length: {n}']),
  'an offer to upgrade to a web socket': (target) =>
    rawAppend(target, ['Connection: Upgrade', 'Upgrade: websocket', 'Content-Length: {n}']),
  'an offer to upgrade to HTTP/2': (target) =>
    rawAppend(target, [
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABk',
      'Content-Length: {n}',
    ]),
  'a head of almost 16 KiB': (target) => rawAppend(target, [`X: ${'a'.repeat(15 * 1024)}`, 'Content-Length: {n}']),
  'Expect: 100-continue': (target) => rawAppend(target, ['Expect: 100-continue', 'Content-Length: {n}']),
  'one chunk': (target) => rawAppend(target, ['Transfer-Encoding: chunked'], `${size}\r\n${body}\r\n0\r\n\r\n`),
  'a coding in other case': (target) =>
    rawAppend(target, ['Transfer-Encoding: Chunked'], `${size}\r\n${body}\r\n0\r\n\r\n`),
  'a coding in capitals': (target) =>
    rawAppend(target, ['Transfer-Encoding: CHUNKED'], `${size}\r\n${body}\r\n0\r\n\r\n`),
  'a chunk for each byte': (target) => rawAppend(target, ['Transfer-Encoding: chunked'], chunkedBytes(body)),
  'a chunk for each byte of a character of several bytes': (target) =>
    rawAppend(target, ['Transfer-Encoding: chunked'], chunkedBytes('{"type":"\xf0\x9f\x98\x80","data":""}')),
  'a chunk size with zeros in front': (target) =>
    rawAppend(target, ['Transfer-Encoding: chunked'], `00${size}\r\n${body}\r\n0\r\n\r\n`),
  'a chunk with an extension': (target) =>
    rawAppend(target, ['Transfer-Encoding: chunked'], `${size};a=b\r\n${body}\r\n0\r\n\r\n`),
  'a trailer': (target) => rawAppend(target, ['Transfer-Encoding: chunked'], `${size}\r\n${body}\r\n0\r\nX: y\r\n\r\n`),
  'a trailer that would be a second Host': (target) =>
    rawAppend(target, ['Transfer-Encoding: chunked'], `${size}\r\n${body}\r\n0\r\nHost: evil.example\r\n\r\n`),
  'two empty lines in front of the request line': (target) => `\r\n\r\n${rawAppend(target, ['Content-Length: {n}'])}`,
  'zeros in front of the length': (target) => rawAppend(target, [`Content-Length: ${'0'.repeat(40)}{n}`]),
  'a length that Connection names': (target) =>
    rawAppend(target, ['Connection: Content-Length', 'Content-Length: {n}']),
  'a header that a gateway may take for the length': (target) =>
    rawAppend(target, ['Content_Length: 5', 'Content-Length: {n}']),
  'a thousand headers': (target) =>
    rawAppend(target, [...Array.from({ length: 1_000 }, () => 'a:'), 'Content-Length: {n}']),
  'headers that are only spaces': (target) => rawAppend(target, ['X:    ', 'Y: \t ', 'Content-Length: {n}']),
  'a header given many times': (target) =>
    rawAppend(target, [...Array.from({ length: 50 }, () => 'Accept: text/html'), 'Content-Length: {n}']),
  'headers that name a hop': (target) =>
    rawAppend(target, ['X-Forwarded-Host: evil.example', 'Forwarded: host=evil.example', 'Content-Length: {n}']),
  'headers that would overwrite the request': (target) =>
    rawAppend(target, [
      'X-HTTP-Method-Override: DELETE',
      'X-Original-URL: /-/events',
      'X-Rewrite-URL: /-/events',
      'Content-Length: {n}',
    ]),
  'an offer of trailers': (target) => rawAppend(target, ['TE: trailers', 'Trailer: X', 'Content-Length: {n}']),
  'Expect: 100-continue in odd case': (target) => rawAppend(target, ['Expect: 100-Continue', 'Content-Length: {n}']),
  'a chunk size in upper case': (target) =>
    rawAppend(target, ['Transfer-Encoding: chunked'], `1A\r\n${body.padEnd(0x1a)}\r\n0\r\n\r\n`),
  'a last chunk of many zeros': (target) =>
    rawAppend(target, ['Transfer-Encoding: chunked'], `${size}\r\n${body}\r\n0000000000\r\n\r\n`),
  'a chunk with a quoted extension': (target) =>
    rawAppend(target, ['Transfer-Encoding: chunked'], `${size};a="b;c";d\r\n${body}\r\n0;e\r\n\r\n`),
  'many trailers': (target) =>
    rawAppend(target, ['Transfer-Encoding: chunked'], `${size}\r\n${body}\r\n0\r\n${'X: y\r\n'.repeat(100)}\r\n`),
  'an empty query': (target) => rawAppend({ ...target, path: `${target.path}?` }, ['Content-Length: {n}']),
  'a version that is percent-encoded': (target) =>
    rawAppend({ ...target, path: `${target.path}/%31` }, ['Content-Length: {n}']),
  'HTTP/1.0 that asks to keep the connection': (target) =>
    rawRequest(target, {
      line: `POST ${target.path} HTTP/1.0`,
      headers: ['Connection: keep-alive', 'Content-Length: {n}'],
      content: body,
    }),
  'an absolute target in upper case': (target) =>
    rawRequest(target, {
      line: `POST HTTP://${target.host.toUpperCase()}${target.path} HTTP/1.1`,
      headers: ['Content-Length: {n}'],
      content: body,
    }),
  'an absolute target of this host': (target) =>
    rawRequest(target, {
      line: `POST http://${target.host}${target.path} HTTP/1.1`,
      headers: ['Content-Length: {n}'],
      content: body,
    }),
};

export const servedCases: readonly RawCase[] = [
  ...Object.entries(requests).map(([name, bytes]): RawCase => ({ name, bytes, status: 200, connection: 'stays' })),
  {
    name: 'two requests in one packet',
    bytes: (target) => rawAppend(target, ['Content-Length: {n}']).repeat(2),
    status: 200,
    connection: 'stays',
    answers: 2,
  },
  {
    name: 'ten requests in one packet',
    bytes: (target) => rawAppend(target, ['Content-Length: {n}']).repeat(10),
    status: 200,
    connection: 'stays',
    answers: 10,
  },
  {
    name: 'a refused body and then another request',
    bytes: (target) => rawAppend(target, ['Content-Length: {n}'], '{') + rawAppend(target, ['Content-Length: {n}']),
    status: 400,
    code: 'invalid-json',
    connection: 'stays',
    answers: 2,
  },
  {
    name: 'an append without a body and without its length',
    bytes: (target) => rawAppend(target, [], ''),
    status: 400,
    code: 'invalid-json',
    connection: 'stays',
  },
  {
    name: 'a GET with a body',
    bytes: (target) =>
      rawRequest(target, {
        line: `GET ${target.path} HTTP/1.1`,
        headers: ['Content-Length: {n}'],
        content: target.smuggled,
      }),
    status: 200,
    connection: 'either',
  },
  ...['close', 'Close', 'CLOSE', 'keep-alive, close', 'close, keep-alive', 'close\r\nConnection: keep-alive'].map(
    (option): RawCase => ({
      name: `Connection: ${JSON.stringify(option).slice(1, -1)}`,
      bytes: (target) => rawAppend(target, [`Connection: ${option}`, 'Content-Length: {n}']) + target.smuggled,
      status: 200,
      connection: 'closes',
    }),
  ),
  {
    name: 'a chunked body on a GET, with a request in it',
    bytes: (target) =>
      rawRequest(target, {
        line: `GET ${target.path} HTTP/1.1`,
        headers: ['Transfer-Encoding: chunked'],
        content: `${target.smuggled.length.toString(16)}\r\n${target.smuggled}\r\n0\r\n\r\n`,
      }),
    status: 200,
    connection: 'either',
  },
  {
    name: 'an append on HTTP/1.0',
    bytes: (target) =>
      rawRequest(target, {
        line: `POST ${target.path} HTTP/1.0`,
        headers: ['Content-Length: {n}'],
        content: body,
      }) + target.smuggled,
    status: 200,
    connection: 'closes',
  },
  {
    name: 'HTTP/1.0',
    bytes: (target) => rawRequest(target, { line: 'GET / HTTP/1.0' }) + target.smuggled,
    status: 200,
    connection: 'closes',
  },
  ...['nonsense', '200-ok'].map(
    (expectation): RawCase => ({
      name: `Expect: ${expectation}`,
      bytes: (target) => rawAppend(target, [`Expect: ${expectation}`, 'Content-Length: {n}']),
      status: 417,
      code: 'expectation-failed',
      connection: 'either',
    }),
  ),
];

function chunkedBytes(content: string): string {
  return `${[...content].map((byte) => `1\r\n${byte}\r\n`).join('')}0\r\n\r\n`;
}
