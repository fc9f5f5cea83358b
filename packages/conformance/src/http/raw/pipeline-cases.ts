import { body, type RawTarget, rawAppend, rawRequest } from './raw-case.ts';

/** Requests that are sent on one connection without waiting, and what becomes of them. */
export interface Pipeline {
  readonly name: string;
  readonly requests: readonly ((target: RawTarget) => string)[];
  /** Of the answers, in their order; requests behind the last one must not have run. */
  readonly statuses: readonly number[];
  /** Which of the answers are to `HEAD`, from 0. */
  readonly heads?: readonly number[];
  /** Whether the server closes the connection by itself; if not, it stays. */
  readonly closes?: boolean;
}

const length = ['Content-Length: {n}'];
const size = body.length.toString(16);

const append = (target: RawTarget): string => rawAppend(target, length);
const appending =
  (content: string) =>
  (target: RawTarget): string =>
    rawAppend(target, length, content);
const at =
  (version: number) =>
  (target: RawTarget): string =>
    append({ ...target, path: `${target.path}/${version}` });
const chunked = (target: RawTarget): string =>
  rawAppend(
    target,
    ['Transfer-Encoding: chunked'],
    `5;a\r\n${body.slice(0, 5)}\r\n${(body.length - 5).toString(16)}\r\n${body.slice(5)}\r\n0\r\nX: y\r\n\r\n`,
  );
const read = (target: RawTarget): string => rawRequest(target, { line: `GET ${target.path} HTTP/1.1` });
const head = (target: RawTarget): string => rawRequest(target, { line: `HEAD ${target.path} HTTP/1.1` });
const inVersion10 =
  (request: (target: RawTarget) => string) =>
  (target: RawTarget): string =>
    request(target).replace('HTTP/1.1', 'HTTP/1.0');

export const pipelines: readonly Pipeline[] = [
  { name: 'an append', requests: [append], statuses: [200] },
  { name: 'three appends', requests: [append, at(1), append], statuses: [200, 200, 200] },
  {
    name: 'appends and reads in turn',
    requests: [append, read, append, read],
    statuses: [200, 200, 200, 200],
  },
  {
    name: 'a read, an append in chunks, an append, a HEAD',
    requests: [read, chunked, append, head],
    statuses: [200, 200, 200, 200],
    heads: [3],
  },
  {
    name: 'appends between appends that are refused',
    requests: [appending('{'), append, at(9), append, appending('')],
    statuses: [400, 200, 409, 200, 400],
  },
  {
    name: 'appends around requests that are spelt in an odd way',
    requests: [
      append,
      (target) => rawAppend(target, ['__proto__: x', 'X:', 'cOnTeNt-LeNgTh: \t {n} ']),
      append,
      (target) => `\r\n${append(target)}`,
    ],
    statuses: [200, 200, 200, 200],
  },
  {
    name: 'text of several bytes a character',
    requests: [appending('{"type":"\xf0\x9f\x98\x80\xc3\xa9","data":"QQ=="}'), append],
    statuses: [200, 200],
  },
  {
    name: 'an append, one with two lengths, and one that must not run',
    requests: [append, (target) => rawAppend(target, [...length, ...length]), append],
    statuses: [200, 400],
    closes: true,
  },
  {
    name: 'an append, one with a length and in chunks, and one that must not run',
    requests: [
      append,
      (target) => rawAppend(target, [...length, 'Transfer-Encoding: chunked'], `${size}\r\n${body}\r\n0\r\n\r\n`),
      append,
    ],
    statuses: [200, 400],
    closes: true,
  },
  {
    name: 'an append, noise, and one that must not run',
    requests: [append, () => '\x16\x03\x01\x00\r\n\r\n', append],
    statuses: [200, 400],
    closes: true,
  },
  {
    name: 'an append whose length goes on into the next request, and the rest of that',
    requests: [
      (target) => rawAppend(target, [`Content-Length: ${body.length + 4}`]),
      (target) => append(target).replace('POST', 'xxx\nPOST'),
    ],
    statuses: [400, 200],
  },
  {
    name: 'an append that closes, and one that must not run',
    requests: [append, (target) => rawAppend(target, ['Connection: close', ...length]), append],
    statuses: [200, 200],
    closes: true,
  },
  {
    name: 'HTTP/1.0 that keeps the connection, then closes it',
    requests: [
      inVersion10((target) => rawAppend(target, ['Connection: keep-alive', ...length])),
      inVersion10(append),
      append,
    ],
    statuses: [200, 200],
    closes: true,
  },
];
