import { malformed, type RawCase, rawAppend, rawRequest } from './raw-case.ts';

/**
 * Requests whose length two parsers could disagree about (RFC 9112 section 6.3). Behind what one
 * of them takes for the end, a second request is hidden.
 */
const contentLengths: readonly (readonly string[])[] = [
  ['Content-Length: {n}', 'Content-Length: {n}'],
  ['Content-Length: {n}', 'content-length: {n}'],
  ['Content-Length: 0', 'Content-Length: {n}'],
  ['Content-Length: {n}', 'Content-Length: 0'],
  ['Content-Length: {n}', 'X: y', 'Content-Length: 5'],
  ['Content-Length: 5, 5'],
  ['Content-Length: {n},{n}'],
  ['Content-Length: {n}, 0'],
  ['Content-Length: {n},'],
  ['Content-Length: ,{n}'],
  ['Content-Length: +{n}'],
  ['Content-Length: +5'],
  ['Content-Length: -1'],
  ['Content-Length: -0'],
  ['Content-Length: 0x10'],
  ['Content-Length: 0b1'],
  ['Content-Length: 1e1'],
  ['Content-Length: 5.0'],
  ['Content-Length: 5 5'],
  ['Content-Length: 5;'],
  ['Content-Length: "5"'],
  ['Content-Length: 1_0'],
  ['Content-Length: {n}abc'],
  ['Content-Length: abc'],
  ['Content-Length: NaN'],
  ['Content-Length: \xb2'],
  ['Content-Length: 5\x0b'],
  ['Content-Length: \x0b5'],
  ['Content-Length: 5\xa0'],
  ['Content-Length: {n}\x7f'],
  ['Content-Length: 5\x00'],
  ['Content-Length: 18446744073709551616'],
  ['Content-Length: 18446744073709551617'],
  ['Content-Length: 99999999999999999999999999999999'],
  ['Content-Length:'],
  ['Content-Length: '],
  ['Content-Length : {n}'],
  ['Content-Length\t: {n}'],
  ['Content-Length:\r\n {n}'],
  [' Content-Length: {n}'],
  ['\tContent-Length: {n}'],
  ['Content-Length\x00: {n}'],
  ['Content-Length\xa0: {n}'],
];

const transferEncodings: readonly (readonly string[])[] = [
  ['Content-Length: {n}', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked', 'Content-Length: {n}'],
  ['Transfer-Encoding: chunked', 'Content-Length: 0'],
  ['Content-Length: 5', 'Transfer-Encoding: identity'],
  ['Content-Length: {n}', 'Transfer-Encoding: gzip, chunked'],
  ['Content-Length: {n}', 'Transfer-Encoding:'],
  ['Transfer-Encoding: gzip'],
  ['Transfer-Encoding: deflate'],
  ['Transfer-Encoding: identity'],
  ['Transfer-Encoding: gzip, chunked'],
  ['Transfer-Encoding: chunked, gzip'],
  ['Transfer-Encoding: chunked, identity'],
  ['Transfer-Encoding: identity, chunked'],
  ['Transfer-Encoding: chunked, chunked'],
  ['Transfer-Encoding: chunked,'],
  ['Transfer-Encoding: ,chunked'],
  ['Transfer-Encoding: chunked;a=b'],
  ['Transfer-Encoding: chunked; q=1'],
  ['Transfer-Encoding: x-chunked'],
  ['Transfer-Encoding: xchunked'],
  ['Transfer-Encoding: chunkedx'],
  ['Transfer-Encoding: chunk'],
  ['Transfer-Encoding: "chunked"'],
  ["Transfer-Encoding: 'chunked'"],
  ['Transfer-Encoding: chunked chunked'],
  ['Transfer-Encoding: nonsense'],
  ['Transfer-Encoding:'],
  ['Transfer-Encoding: \x0bchunked'],
  ['Transfer-Encoding: chunked\x0b'],
  ['Transfer-Encoding: chunked\x00'],
  ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
  ['Transfer-Encoding: identity', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked', 'Transfer-Encoding: nonsense'],
  ['Transfer-Encoding: gzip', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding : chunked'],
  ['Transfer-Encoding\t: chunked'],
  ['Transfer-Encoding\x0b: chunked'],
  [' Transfer-Encoding: chunked'],
  ['Transfer-Encoding:\r\n chunked'],
  ['Transfer-Encoding: chunked\r\n x'],
  ['Transfer-Encoding\xa0: chunked'],
  ['Transfer-Encoding\r: chunked'],
];

export const lengthCases: readonly RawCase[] = [
  ...contentLengths.map((headers) =>
    malformed(nameOf(headers), (target) => rawAppend(target, headers, target.smuggled)),
  ),
  ...transferEncodings.map((headers) =>
    malformed(nameOf(headers), (target) => rawAppend(target, headers, `0\r\n\r\n${target.smuggled}`)),
  ),
  ...[
    ['Transfer-Encoding: gzip, chunked'],
    ['Content-Length: 5', 'Transfer-Encoding: chunked'],
    ['Content-Length: -1'],
  ].map((headers) =>
    malformed(`GET with ${nameOf(headers)}`, (target) =>
      rawRequest(target, { line: `GET ${target.path} HTTP/1.1`, headers, content: `0\r\n\r\n${target.smuggled}` }),
    ),
  ),
  ...[
    ['Transfer-Encoding: chunked'],
    ['Transfer-Encoding: identity'],
    ['Content-Length: 5', 'Transfer-Encoding: chunked'],
  ].map((headers) =>
    malformed(`HTTP/1.0 with ${nameOf(headers)}`, (target) =>
      rawRequest(target, { line: `POST ${target.path} HTTP/1.0`, headers, content: `0\r\n\r\n${target.smuggled}` }),
    ),
  ),
];

function nameOf(headers: readonly string[]): string {
  return headers.map((header) => JSON.stringify(header)).join(' and ');
}
