import { body, malformed, type RawCase, type RawTarget } from './raw-case.ts';

/**
 * The plainest append there is, right in everything but one place. Whoever reads the usual request
 * in a quicker way must see the difference. Nothing follows: in one packet, more would not be plain.
 */
const lineEnds: Readonly<Record<string, string>> = {
  'two letters': 'xx',
  'two LF': '\n\n',
  'two CR': '\r\r',
  'two spaces': '  ',
  'two tabs': '\t\t',
  'LF CR': '\n\r',
  LF: '\n',
  CR: '\r',
  'CR LF and a space': '\r\n ',
  'CR LF and a tab': '\r\n\t',
  'a NUL and LF': '\x00\n',
  nothing: '',
};

/** None of these is white space to HTTP; to much else they are. */
const notSpaces: Readonly<Record<string, string>> = {
  'a vertical tab': '\x0b',
  'a form feed': '\x0c',
  LF: '\n',
  CR: '\r',
  'a NUL': '\x00',
  'a backspace': '\x08',
  'an escape': '\x1b',
  'a unit separator': '\x1f',
  DEL: '\x7f',
  'CR LF and a space': '\r\n ',
};

/** Letters to HTTP, spaces to Unicode; they are wrong where only a host or digits may stand. */
const unicodeSpaces: Readonly<Record<string, string>> = { 'a no-break space': '\xa0', 'a next line': '\x85' };

const headers = ['Host', 'Content-Length', 'Accept', 'User-Agent', 'Content-Type', 'X-Request-Id'] as const;
type Header = (typeof headers)[number];

interface Plain {
  readonly lineEnd?: string;
  readonly value?: (header: Header, value: string) => string;
}

function append({ host, path }: RawTarget, { lineEnd = '\r\n', value = (_, same) => same }: Plain): string {
  const values: Readonly<Record<Header, string>> = {
    Host: host,
    'Content-Length': `${body.length}`,
    Accept: '*/*',
    'User-Agent': 'plain',
    'Content-Type': 'application/json',
    'X-Request-Id': '1',
  };
  const lines = headers.map((header) => `${header}: ${value(header, values[header])}`);
  return `POST ${path} HTTP/1.1${lineEnd}${lines.join('\r\n')}\r\n\r\n${body}`;
}

function around(changed: Header, [name, text]: [string, string]): RawCase[] {
  const value = (change: (same: string) => string) => (header: Header, same: string) =>
    header === changed ? change(same) : same;
  return [
    malformed(`${name} in front of the value of ${changed}`, (target) =>
      append(target, { value: value((same) => text + same) }),
    ),
    malformed(`${name} behind the value of ${changed}`, (target) =>
      append(target, { value: value((same) => same + text) }),
    ),
  ];
}

export const nearPlainCases: readonly RawCase[] = [
  ...Object.entries(lineEnds).map(([name, lineEnd]) =>
    malformed(`the request line ended by ${name}`, (target) => append(target, { lineEnd })),
  ),
  ...headers.flatMap((header) => Object.entries(notSpaces).flatMap((text) => around(header, text))),
  ...(['Host', 'Content-Length'] as const).flatMap((header) =>
    Object.entries(unicodeSpaces).flatMap((text) => around(header, text)),
  ),
];
