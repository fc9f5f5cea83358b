/** Faults that a request can have, and the one answer that the contract has for each. */
import type { RequestParts } from './request-parts.ts';

export interface Fault {
  readonly apply: (parts: RequestParts) => void;
  readonly statuses: readonly number[];
  /** Whether nothing that follows on the connection can be trusted. */
  readonly closes: boolean;
}

/** The body is framed by these alone. */
function framedBy(...headers: readonly string[]): Fault {
  return {
    apply: (parts) => {
      parts.framing = 'none';
      parts.headers.push(...headers.map((header) => header.replaceAll('{n}', `${parts.body?.length ?? 0}`)));
    },
    statuses: [400],
    closes: true,
  };
}

export const codingFaults: readonly Fault[] = [
  framedBy('Content-Length: {n}', 'Content-Length: {n}'),
  framedBy('Content-Length: {n}', 'Transfer-Encoding: chunked'),
  framedBy('Transfer-Encoding: chunked', 'Content-Length: {n}'),
  framedBy('Content-Length: +{n}'),
  framedBy('Content-Length: {n}, {n}'),
  framedBy('Content-Length: 0x{n}'),
  framedBy('Content-Length: -1'),
  framedBy('Content-Length: {n}x'),
  framedBy('Content-Length : {n}'),
  framedBy('Transfer-Encoding: gzip, chunked'),
  framedBy('Transfer-Encoding: identity'),
  framedBy('Transfer-Encoding: Chunked, gzip'),
  framedBy('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'),
  framedBy('Transfer-Encoding : chunked'),
];

/** A header that is malformed, or replaces `Host`. */
function withHeader(header: string, statuses: readonly number[] = [400]): Fault {
  return { apply: ({ headers }) => void headers.push(header), statuses, closes: true };
}

function withoutHost(...instead: readonly string[]): Fault {
  return {
    apply: (parts) => {
      parts.headers = [...parts.headers.filter((header) => !/^host:/i.test(header)), ...instead];
    },
    statuses: [400],
    closes: true,
  };
}

export const hostFaults: readonly Fault[] = [
  withoutHost(),
  withoutHost('Host:'),
  withoutHost('Host: a', 'Host: a'),
  withoutHost('Host: a b'),
  withoutHost('Host: 127.0.0.1:99999'),
  withHeader('Host: evil.example'),
  withHeader('X Y: z'),
  withHeader('X\xe9: z'),
  withHeader('X : z'),
  withHeader('X: a\x00b'),
  withHeader('X: a\rb'),
  withHeader(': z'),
  withHeader('no colon'),
  withHeader('X: a\r\n folded'),
];

function inLine(apply: Fault['apply'], statuses: readonly number[] = [400]): Fault {
  return { apply, statuses, closes: true };
}

export const lineFaults: readonly Fault[] = [
  ...['HTTP/0.9', 'HTTP/1.2', 'HTTP/2.0', 'HTTP/9.9'].map((version) =>
    inLine(
      (parts) => {
        parts.version = version;
      },
      [505],
    ),
  ),
  ...['HTTP/1', 'http/1.1', 'HTTP/1.1 x', 'XTTP/1.1'].map((version) =>
    inLine(
      (parts) => {
        parts.version = version;
      },
      [400, 505],
    ),
  ),
  ...['FOO', 'get', 'GE', 'P\x00ST', '"GET"'].map((method) =>
    inLine((parts) => {
      parts.method = method;
    }),
  ),
  ...['/a b', '/a\x00', '/\xc3\xa9', 'a', '/a#b', 'http://evil.example/a', 'ftp://a/b'].map((target) =>
    inLine((parts) => {
      parts.target = target;
    }),
  ),
];

function refused(apply: Fault['apply'], ...statuses: readonly number[]): Fault {
  return { apply, statuses, closes: false };
}

function toTarget(change: (target: string, stream: string) => string, ...statuses: readonly number[]): Fault {
  return refused(
    (parts) => {
      parts.target = change(parts.target, parts.stream);
    },
    ...statuses,
  );
}

/** Well-formed HTTP that is refused. A `GET` ignores its body, so a wrong one comes as an append. */
function withBody(body: string, ...statuses: readonly number[]): Fault {
  return refused(
    (parts) => {
      Object.assign(parts, { method: 'POST', target: `/${parts.stream}`, body });
      if (parts.framing === 'none') parts.framing = 'length';
    },
    ...statuses,
  );
}

export const otherFaults: readonly Fault[] = [
  toTarget((_, stream) => `/${stream}/`, 404),
  toTarget(() => '/-/nothing', 404),
  toTarget((_, stream) => `/${stream}/1/2`, 404),
  toTarget((_, stream) => `/${stream}?unknown=1`, 400),
  toTarget((_, stream) => `/${stream}/01`, 400),
  toTarget((_, stream) => `/${stream}/0`, 400),
  toTarget(() => '/-', 400),
  toTarget(() => '/%zz', 400),
  toTarget(() => '/%00', 400),
  toTarget(() => '/..', 400),
  refused((parts) => {
    parts.method = 'DELETE';
  }, 405),
  refused(({ headers }) => void headers.push('Origin: https://evil.example'), 403),
  refused(({ headers }) => void headers.push('Sec-Fetch-Site: cross-site'), 403),
  refused((parts) => {
    withBody('{"type":"T","data":""}').apply(parts);
    parts.headers.push('Content-Encoding: gzip');
  }, 415),
  withBody('', 400),
  withBody('{', 400),
  withBody('[]', 400),
  withBody('1', 400),
  withBody('{"type":"T","data":"***"}', 400),
  withBody('{"type":"","data":""}', 400),
  withBody('{"type":"T","data":"","position":1}', 400),
  withBody('{"type":"T\xff","data":""}', 400),
  withBody('[{"type":"T","data":"","id":"a"},{"type":"T","data":""}]', 400),
  withBody('['.repeat(100), 400),
];
