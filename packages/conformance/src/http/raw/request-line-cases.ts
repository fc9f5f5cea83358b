import { malformed, type RawCase, rawRequest } from './raw-case.ts';

/** Request lines (RFC 9112 section 3): versions, methods and targets. */
const otherVersions = ['HTTP/0.9', 'HTTP/1.2', 'HTTP/2.0', 'HTTP/3.0', 'HTTP/9.9'];

const notVersions = [
  'HTTP/1',
  'HTTP/1.',
  'HTTP/11',
  'HTTP/1.1.1',
  'HTTP/1.10',
  'HTTP/01.1',
  'HTTP/1,1',
  'HTTP/a.b',
  'HTTP/-1.1',
  'HTTP 1.1',
  'http/1.1',
  'HTTQ/1.1',
  'HTTP/1.1 x',
  'HTTP/1.1\t',
  'ICE/1.0',
  'x',
];

const unknownMethods = [
  'FOO',
  'GETX',
  'X-GET',
  'get',
  'Get',
  'gET',
  'G',
  'GE',
  'G\x00ET',
  'G\xc9T',
  'GET\x01',
  'GET,POST',
  '"GET"',
  '(GET)',
  'GET/',
  '12',
  '\xff',
  'A'.repeat(300),
];

/** Methods that the parser knows and no route has. */
const knownMethods = [
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'LOCK',
  'UNLOCK',
  'MKCOL',
  'COPY',
  'MOVE',
  'PROPPATCH',
  'PURGE',
  'M-SEARCH',
  'NOTIFY',
  'SUBSCRIBE',
  'REPORT',
  'BIND',
  'ACL',
  'QUERY',
  'SOURCE',
];

const malformedTargets: Readonly<Record<string, string>> = {
  'an empty target': '',
  'a target without a slash': 'a',
  'a target of a question mark': '?limit=1',
  'a target with a fragment': '/a#b',
  'a target with a space': '/a b',
  'a target with a tab': '/a\tb',
  'a target with a NUL': '/a\x00b',
  'a target with a bare CR': '/a\rb',
  'a target with DEL': '/a\x7fb',
  'a target with an escape': '/a\x1bb',
  'a target with a form feed': '/a\x0cb',
  'a target in Latin-1': '/\xe9',
  'a target in UTF-8': '/\xc3\xa9',
  'an absolute target of another host': 'http://evil.example/a',
  'an absolute target of another host and port': 'http://evil.example:3000/a',
  'an absolute target of another scheme and host': 'https://evil.example/a',
  'an absolute target without a host': 'http:///a',
  'an absolute target of nothing': 'http://',
  'an absolute target with a user': 'http://user@{host}/a',
  'an absolute target with a host that only starts alike': 'http://{host}.evil.example/a',
  'an absolute target with this host as its user': 'http://{host}@evil.example/a',
  'an absolute target that is not HTTP': 'ftp://{host}/a',
  'a target with a script': 'javascript:alert(1)',
  'a target of host and port': '{host}',
};

export const requestLineCases: readonly RawCase[] = [
  ...otherVersions.map(
    (version): RawCase => ({
      name: version,
      bytes: (target) => rawRequest(target, { line: `GET ${target.path} ${version}`, content: target.smuggled }),
      status: 505,
      code: 'version-not-supported',
      connection: 'closes',
    }),
  ),
  ...notVersions.map(
    (version): RawCase => ({
      name: `the version ${JSON.stringify(version)}`,
      bytes: (target) => rawRequest(target, { line: `GET ${target.path} ${version}`, content: target.smuggled }),
      status: [400, 505],
      connection: 'closes',
    }),
  ),
  {
    name: 'no version',
    bytes: ({ path, smuggled }) => `GET ${path}\r\n\r\n${smuggled}`,
    status: [400, 505],
    connection: 'closes',
  },
  ...unknownMethods.map((method) =>
    malformed(`the method ${JSON.stringify(method.slice(0, 20))}`, (target) =>
      rawRequest(target, { line: `${method} ${target.path} HTTP/1.1`, content: target.smuggled }),
    ),
  ),
  ...knownMethods.map(
    (method): RawCase => ({
      name: `the method ${method}`,
      bytes: (target) =>
        rawRequest(target, { line: `${method} ${target.path} HTTP/1.1`, headers: ['Content-Length: 0'] }),
      status: 405,
      code: 'method-not-allowed',
      connection: 'stays',
    }),
  ),
  ...['CONNECT evil.example:443', 'CONNECT /a', 'CONNECT {host}', 'DESCRIBE /a', 'SETUP /a', 'PLAY /a', 'PRI *'].map(
    (line): RawCase => ({
      name: line,
      bytes: (target) =>
        rawRequest(target, { line: `${line.replace('{host}', target.host)} HTTP/1.1`, content: target.smuggled }),
      status: [400, 405],
      connection: 'closes',
    }),
  ),
  ...Object.entries(malformedTargets).map(([name, text]) =>
    malformed(name, (target) =>
      rawRequest(target, { line: `GET ${text.replace('{host}', target.host)} HTTP/1.1`, content: target.smuggled }),
    ),
  ),
  ...['GET *', 'OPTIONS *', 'POST *'].map(
    (line): RawCase => ({
      name: line,
      bytes: (target) => rawRequest(target, { line: `${line} HTTP/1.1`, headers: ['Content-Length: 0'] }),
      status: [400, 404, 405],
      connection: 'either',
    }),
  ),
  malformed('a space in front of the request line', (target) =>
    rawRequest(target, { line: ` GET ${target.path} HTTP/1.1`, content: target.smuggled }),
  ),
  malformed('a tab for a space', (target) =>
    rawRequest(target, { line: `GET\t${target.path}\tHTTP/1.1`, content: target.smuggled }),
  ),
  malformed(
    'a request line ended by LF',
    ({ host, path, smuggled }) => `GET ${path} HTTP/1.1\nHost: ${host}\r\n\r\n${smuggled}`,
  ),
  malformed(
    'a request line ended by CR',
    ({ host, path, smuggled }) => `GET ${path} HTTP/1.1\rHost: ${host}\r\n\r\n${smuggled}`,
  ),
];
