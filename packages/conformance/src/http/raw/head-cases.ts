import { body, malformed, type RawCase, rawAppend, rawRequest } from './raw-case.ts';

/** Heads that are not heads (RFC 9112 section 5), and a `Host` that is missing, double or hidden. */
const headers: Readonly<Record<string, string>> = {
  'a header folded by a space': 'X: a\r\n b',
  'a header folded by a tab': 'X: a\r\n\tb',
  'a folded header without a value': 'X:\r\n a',
  'a NUL in a value': 'X: a\x00b',
  'a bare CR in a value': 'X: a\rb',
  'a bare CR in front of a name': '\rX: a',
  'two CR at the end of a line': 'X: a\r',
  'the control character 01 in a value': 'X: \x01',
  'the control character 08 in a value': 'X: a\x08',
  'a vertical tab in a value': 'X: a\x0bb',
  'a form feed in a value': 'X: a\x0cb',
  'an escape in a value': 'X: \x1b[0m',
  'DEL in a value': 'X: a\x7f',
  'a space in a name': 'X Y: z',
  'a space before the colon': 'X : z',
  'a tab before the colon': 'X\t: z',
  'a tab in a name': 'X\tY: z',
  'a name that is not ASCII': 'X\xe9: z',
  'a name in UTF-8': 'X\xc3\xa9: z',
  'a NUL in a name': 'X\x00Y: z',
  'DEL in a name': 'X\x7f: z',
  'a CR in a name': 'X\rY: z',
  'no name': ': z',
  'no colon': 'XY',
  'a comma in a name': 'X,Y: z',
  'a slash in a name': 'X/Y: z',
  'a bracket in a name': 'X[0]: z',
  'parentheses in a name': 'X(Y): z',
  'a quote in a name': 'X"Y": z',
  'an at sign in a name': 'X@Y: z',
  'a brace in a name': 'X{Y}: z',
  'an equals sign in a name': 'X=Y: z',
  'a semicolon in a name': 'X;Y: z',
};

const hostLists: Readonly<Record<string, readonly string[]>> = {
  'no Host': [],
  'two equal Hosts': ['Host: {host}', 'Host: {host}'],
  'two different Hosts': ['Host: {host}', 'Host: evil.example'],
  'two different Hosts, the foreign one first': ['Host: evil.example', 'Host: {host}'],
  'two Hosts in different case': ['Host: {host}', 'hOsT: {host}'],
  'two Hosts, one empty': ['Host: {host}', 'Host:'],
  'a Host folded over two lines': ['Host:\r\n {host}'],
  'a Host with a space before the colon': ['Host : {host}'],
};

const authorizationLists: Readonly<Record<string, readonly string[]>> = {
  'two equal Authorizations': ['Authorization: Bearer a', 'Authorization: Bearer a'],
  'two different Authorizations': ['Authorization: Bearer a', 'aUTHORIZATION: Bearer b'],
  'two Authorizations, one empty': ['Authorization:', 'Authorization: Bearer a'],
};

/** The parser stops counting headers at some number; what stands behind must not become invisible. */
const manyHeaders = Array.from({ length: 2_100 }, () => 'a:');

const hidden: readonly string[] = [
  'Host: evil.example',
  'Transfer-Encoding: gzip, chunked',
  'Content-Encoding: gzip',
  'Origin: https://evil.example',
];

export const headCases: readonly RawCase[] = [
  ...Object.entries(headers).map(([name, header]) =>
    malformed(name, (target) => rawAppend(target, [header, 'Content-Length: {n}']) + target.smuggled),
  ),
  ...Object.entries(hostLists).map(([name, lines]) =>
    malformed(name, ({ host, path, smuggled }) =>
      [`GET ${path} HTTP/1.1`, ...lines.map((line) => line.replace('{host}', host)), '', smuggled].join('\r\n'),
    ),
  ),
  malformed('HTTP/1.0 without a Host', ({ path, smuggled }) => `GET ${path} HTTP/1.0\r\n\r\n${smuggled}`),
  ...Object.entries(authorizationLists).map(([name, lines]) =>
    malformed(name, (target) => rawAppend(target, [...lines, 'Content-Length: {n}']) + target.smuggled),
  ),
  malformed(
    'a head with LF for CRLF',
    ({ host, path, smuggled }) => `GET ${path} HTTP/1.1\nHost: ${host}\n\n${smuggled}`,
  ),
  malformed(
    'one line of the head ended by LF',
    ({ host, path, smuggled }) => `GET ${path} HTTP/1.1\r\nHost: ${host}\nX: y\r\n\r\n${smuggled}`,
  ),
  malformed(
    'a space in front of the first header',
    ({ host, path, smuggled }) => `GET ${path} HTTP/1.1\r\n Host: ${host}\r\n\r\n${smuggled}`,
  ),
  ...[
    '',
    '127.0.0.1:abc',
    '127.0.0.1:-1',
    'user@127.0.0.1',
    '127.0.0.1/x',
    '127.0.0.1 evil.example',
    '127.0.0.1, evil.example',
    '[::1',
    '::1',
    'http://127.0.0.1',
    '127.0.0.1#',
    '\xe9.example',
  ].map(
    (host): RawCase => ({
      name: `Host: ${JSON.stringify(host)}`,
      bytes: ({ path }) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
      status: [400, 421],
      connection: 'either',
    }),
  ),
  ...['http://evil.example', 'HTTP://EVIL.EXAMPLE', 'https://evil.example:443'].map(
    (origin): RawCase => ({
      name: `the target ${origin}/a, and the Host of it`,
      bytes: () => `GET ${origin}/a HTTP/1.1\r\nHost: ${origin.split('//')[1]}\r\n\r\n`,
      status: 421,
      code: 'foreign-host',
      connection: 'either',
    }),
  ),
  ...hidden.map(
    (header): RawCase => ({
      name: `${header}, behind thousands of headers`,
      bytes: (target) =>
        rawRequest(target, {
          line: `POST ${target.path} HTTP/1.1`,
          headers: ['Content-Length: {n}', ...manyHeaders, header],
          content: body,
        }),
      status: [400, 403, 415, 431],
      connection: 'either',
    }),
  ),
];
