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
  {
    name: 'Connection: close',
    bytes: (target) => rawAppend(target, ['Connection: close', 'Content-Length: {n}']) + target.smuggled,
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
