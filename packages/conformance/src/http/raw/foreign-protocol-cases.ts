import { malformed, type RawCase } from './raw-case.ts';

/** What is not HTTP/1.1 at all: other protocols on the wrong port, and noise. */
const others: Readonly<Record<string, string>> = {
  'a TLS 1.2 hello': `\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03${'\x5a'.repeat(150)}`,
  'a TLS 1.0 hello': `\x16\x03\x00\x00\x2f\x01\x00\x00\x2b\x03\x00${'\x00'.repeat(40)}`,
  'an SSL 2 hello': `\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10${'\x01'.repeat(40)}`,
  'an SSH banner': 'SSH-2.0-OpenSSH_9.6\r\n',
  'an SMTP greeting': 'EHLO example.com\r\n',
  'a Redis command': '*1\r\n$4\r\nPING\r\n',
  'a PostgreSQL start-up': '\x00\x00\x00\x08\x04\xd2\x16\x2f',
  'a PROXY protocol line': 'PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\nGET / HTTP/1.1\r\n\r\n',
  'a PROXY protocol 2 head': '\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c',
  'an HTTP answer': 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'a JSON document': '{"type":"T","data":""}\r\n\r\n',
  'a NUL': '\x00\r\n\r\n',
  'very many NULs': '\x00'.repeat(20_000),
  'a byte order mark and a request': '\xef\xbb\xbfGET / HTTP/1.1\r\n\r\n',
};

const noises = 20;

export const foreignProtocolCases: readonly RawCase[] = [
  ...Object.entries(others).map(([name, bytes]) => malformed(name, () => bytes)),
  ...Array.from({ length: noises }, (_, seed) => malformed(`random bytes ${seed + 1}`, () => noise(seed + 1))),
  {
    name: 'an HTTP/2 preface',
    bytes: () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00',
    status: [400, 505],
    connection: 'closes',
  },
];

/** Bytes that look random and are the same in each run; the first is no letter and no line break. */
function noise(seed: number): string {
  let state = seed * 2_654_435_761;
  let bytes = '\x9d';
  for (let i = 0; i < 64 + seed * 40; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes += String.fromCharCode(state >>> 24);
  }
  return bytes;
}
