import { body, malformed, type RawCase, rawAppend } from './raw-case.ts';

/** Chunked bodies that are not chunked bodies (RFC 9112 section 7.1), with a request hidden behind. */
const size = body.length.toString(16);

const chunked: Readonly<Record<string, string>> = {
  'a size with 0x': `0x${size}\r\n${body}\r\n0\r\n\r\n`,
  'a size with a plus sign': `+${size}\r\n${body}\r\n0\r\n\r\n`,
  'a negative size': `-1\r\n${body}\r\n0\r\n\r\n`,
  'a size with a minus sign and 0': `-0\r\n\r\n`,
  'a size with a space in front': ` ${size}\r\n${body}\r\n0\r\n\r\n`,
  'a size with a tab in front': `\t${size}\r\n${body}\r\n0\r\n\r\n`,
  'a size with a letter': `${size}g\r\n${body}\r\n0\r\n\r\n`,
  'a size with an underscore': `1_6\r\n${body}\r\n0\r\n\r\n`,
  'a size that is a word': `size\r\n${body}\r\n0\r\n\r\n`,
  'a size with a point': `${size}.0\r\n${body}\r\n0\r\n\r\n`,
  'a size with a NUL': `${size}\x00\r\n${body}\r\n0\r\n\r\n`,
  'a size of 2^64': `10000000000000000\r\n${body}\r\n0\r\n\r\n`,
  'a size of 2^64 and more': `10000000000000016\r\n${body}\r\n0\r\n\r\n`,
  'a size with very many digits': `${'f'.repeat(40)}\r\n${body}\r\n0\r\n\r\n`,
  'no size': `\r\n${body}\r\n0\r\n\r\n`,
  'no chunks at all, but the document': body,
  'a size ended by LF': `${size}\n${body}\r\n0\r\n\r\n`,
  'a size ended by CR': `${size}\r${body}\r\n0\r\n\r\n`,
  'a chunk without CRLF': `${size}\r\n${body}0\r\n\r\n`,
  'a chunk ended by LF': `${size}\r\n${body}\n0\r\n\r\n`,
  'a chunk ended by CR': `${size}\r\n${body}\r0\r\n\r\n`,
  'a chunk that is longer than its size': `5\r\n${body}\r\n0\r\n\r\n`,
  'a chunk ended by two characters that are not CRLF': `${size}\r\n${body}XX0\r\n\r\n`,
  'an extension with a bare CR': `${size};a\rb\r\n${body}\r\n0\r\n\r\n`,
  'an extension with LF': `${size};a\nb\r\n${body}\r\n0\r\n\r\n`,
  'an extension with a NUL': `${size};a=\x00\r\n${body}\r\n0\r\n\r\n`,
  'a comma behind the size': `${size},a\r\n${body}\r\n0\r\n\r\n`,
  'a trailer without a colon': `${size}\r\n${body}\r\n0\r\nXY\r\n\r\n`,
  'a trailer with a space in its name': `${size}\r\n${body}\r\n0\r\nX Y: z\r\n\r\n`,
  'a trailer with a space before the colon': `${size}\r\n${body}\r\n0\r\nX : z\r\n\r\n`,
  'a trailer with a NUL': `${size}\r\n${body}\r\n0\r\nX: \x00\r\n\r\n`,
  'a trailer that would be a length': `${size}\r\n${body}\r\n0\r\nContent-Length: 5\r\n\r\n`,
  'a trailer that would be a coding': `${size}\r\n${body}\r\n0\r\nTransfer-Encoding: gzip\r\n\r\n`,
  'a trailer with a bare CR': `${size}\r\n${body}\r\n0\r\nX: a\rb\r\n\r\n`,
};

export const chunkCases: readonly RawCase[] = Object.entries(chunked).map(([name, content]) =>
  malformed(name, (target) => rawAppend(target, ['Transfer-Encoding: chunked'], content + target.smuggled)),
);
