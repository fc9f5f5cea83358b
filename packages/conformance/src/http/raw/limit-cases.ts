import { limits } from '@event-store/core';
import { body, type RawCase, type RawTarget, rawAppend, rawRequest } from './raw-case.ts';

/** Heads, targets and bodies that are too large. A body that is announced as such is not waited for. */
const mebibyte = 1024 * 1024;

export const limitCases: readonly RawCase[] = [
  {
    name: 'a target of 8 KiB',
    bytes: (target) => rawRequest(target, { line: `GET /${'a'.repeat(limits.targetBytesMax - 1)} HTTP/1.1` }),
    status: 400,
    code: 'invalid-stream-id',
    connection: 'stays',
  },
  ...[1, 100, 4_000].map(
    (excess): RawCase => ({
      name: `a target of ${excess} more than 8 KiB`,
      bytes: (target) =>
        rawRequest(target, { line: `GET /${'a'.repeat(limits.targetBytesMax - 1 + excess)} HTTP/1.1` }),
      status: 414,
      code: 'target-too-long',
      members: { limit: limits.targetBytesMax },
      connection: 'either',
    }),
  ),
  {
    name: 'an absolute target over 8 KiB whose path is shorter',
    bytes: (target) =>
      rawRequest(target, { line: `GET http://${target.host}/${'a'.repeat(limits.targetBytesMax - 10)} HTTP/1.1` }),
    status: 414,
    code: 'target-too-long',
    members: { limit: limits.targetBytesMax },
    connection: 'either',
  },
  {
    name: 'a version of 8 KiB',
    bytes: (target) => rawAppendAt(target, '1'.repeat(limits.targetBytesMax - target.path.length - 1)),
    status: 400,
    code: 'invalid-version',
    connection: 'stays',
  },
  {
    name: 'a long query',
    bytes: (target) =>
      rawRequest(target, { line: `GET ${target.path}?offset=${'0'.repeat(limits.targetBytesMax)} HTTP/1.1` }),
    status: 414,
    code: 'target-too-long',
    members: { limit: limits.targetBytesMax },
    connection: 'either',
  },
  headTooLarge('a target over the size of a head', ({ length }) => ({
    line: `GET /${'a'.repeat(length)} HTTP/1.1`,
    headers: [],
  })),
  headTooLarge('a header value over the size of a head', ({ length }) => ({
    line: 'GET / HTTP/1.1',
    headers: [`X: ${'a'.repeat(length)}`],
  })),
  {
    name: 'an append with a usual header over the size of a head',
    bytes: (target) => rawAppend(target, [`User-Agent: ${'a'.repeat(17 * 1024)}`, 'Content-Length: {n}']),
    status: 431,
    code: 'headers-too-large',
    members: { limit: limits.headBytesMax },
    connection: 'closes',
  },
  {
    name: 'an append with a usual header of spaces over the size of a head',
    bytes: (target) => rawAppend(target, [`User-Agent: ${' '.repeat(50 * 1024)}\x01`, 'Content-Length: {n}']),
    status: [400, 431],
    connection: 'closes',
  },
  headTooLarge('a header name over the size of a head', ({ length }) => ({
    line: 'GET / HTTP/1.1',
    headers: [`${'a'.repeat(length)}: x`],
  })),
  headTooLarge('headers that together are over the size of a head', ({ length }) => ({
    line: 'GET / HTTP/1.1',
    headers: Array.from({ length: length / 16 }, (_, index) => `X-${String(index).padStart(6, '0')}: value`),
  })),
  {
    name: 'a head without an end',
    bytes: ({ path, host }) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nX: ${'a'.repeat(20 * 1024)}`,
    status: 431,
    code: 'headers-too-large',
    members: { limit: limits.headBytesMax },
    connection: 'closes',
  },
  {
    name: 'trailers over the size of a head',
    bytes: (target) =>
      rawAppend(target, ['Transfer-Encoding: chunked'], `16\r\n${body}\r\n0\r\nX: ${'a'.repeat(20 * 1024)}\r\n\r\n`),
    status: 431,
    code: 'headers-too-large',
    members: { limit: limits.headBytesMax },
    connection: 'closes',
  },
  {
    name: 'a chunk extension over the size of a head',
    bytes: (target) =>
      rawAppend(target, ['Transfer-Encoding: chunked'], `16;a=${'a'.repeat(20 * 1024)}\r\n${body}\r\n0\r\n\r\n`),
    status: [400, 413, 431],
    connection: 'closes',
  },
  ...[limits.bodyBytesMax + 1, 2 ** 32, Number.MAX_SAFE_INTEGER, '18446744073709551615'].flatMap((length): RawCase[] =>
    [[], ['Expect: 100-continue']].map((headers) => ({
      name: `a body announced with ${length} bytes${headers.length > 0 ? ' and Expect' : ''}, and none of it sent`,
      bytes: (target) => rawAppend(target, [`Content-Length: ${length}`, ...headers], ''),
      status: 413,
      code: 'body-too-large',
      members: { limit: limits.bodyBytesMax },
      connection: 'closes',
    })),
  ),
  {
    name: 'a chunked body that grows past 6 MiB',
    bytes: (target) => rawAppend(target, ['Transfer-Encoding: chunked'], `${chunks(limits.bodyBytesMax)}1\r\n `),
    status: 413,
    code: 'body-too-large',
    members: { limit: limits.bodyBytesMax },
    connection: 'closes',
  },
  {
    name: 'a chunk announced with more than 6 MiB',
    bytes: (target) =>
      rawAppend(target, ['Transfer-Encoding: chunked'], `7fffffff\r\n${' '.repeat(limits.bodyBytesMax + 1)}`),
    status: 413,
    code: 'body-too-large',
    members: { limit: limits.bodyBytesMax },
    connection: 'closes',
  },
];

function rawAppendAt(target: RawTarget, version: string): string {
  return rawAppend({ ...target, path: `${target.path}/${version}` }, ['Content-Length: {n}']);
}

function headTooLarge(
  name: string,
  parts: (size: { length: number }) => { line: string; headers: readonly string[] },
): RawCase {
  return {
    name,
    bytes: (target) => rawRequest(target, parts({ length: 20 * 1024 })),
    status: 431,
    code: 'headers-too-large',
    members: { limit: limits.headBytesMax },
    connection: 'closes',
  };
}

/** White space in chunks of 1 MiB. */
function chunks(bytes: number): string {
  return `${mebibyte.toString(16)}\r\n${' '.repeat(mebibyte)}\r\n`.repeat(bytes / mebibyte);
}
