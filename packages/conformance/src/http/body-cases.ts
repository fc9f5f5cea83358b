import type { ErrorCode, ErrorDetails } from '@event-store/core';

/** A body that is refused. */
export interface BodyCase {
  readonly name: string;
  readonly body: string | Uint8Array;
  readonly code: ErrorCode;
  /** Members that stand beside the code. */
  readonly members?: ErrorDetails;
}

const event = '{"type":"T","data":""}';
const deep = 100_000;

/** Bodies that are no JSON, no UTF-8, or not the shape of an append. */
export const bodyCases: readonly BodyCase[] = [
  ...Object.entries({
    'an empty body': '',
    'white space alone': ' \r\n\t',
    'an open brace': '{',
    'a closing brace': '}',
    'a trailing comma in an object': '{"type":"T","data":"",}',
    'a trailing comma in an array': `[${event},]`,
    'a leading comma': `[,${event}]`,
    'a block comment': `/* event */${event}`,
    'a line comment': `${event} // event`,
    'the number NaN': '{"type":"T","data":"","metadata":{"a":NaN}}',
    'the number Infinity': '{"type":"T","data":"","metadata":{"a":Infinity}}',
    'a number with a leading zero': '{"type":"T","data":"","metadata":{"a":01}}',
    'a number with a plus sign': '{"type":"T","data":"","metadata":{"a":+1}}',
    'a hexadecimal number': '{"type":"T","data":"","metadata":{"a":0x1}}',
    'two documents': `${event}${event}`,
    'two documents on two lines': `${event}\n${event}\n`,
    'single quotes': "{'type':'T','data':''}",
    'a key without quotes': '{type:"T","data":""}',
    'a line break in a string': '{"type":"a\nb","data":""}',
    'a NUL in a string': '{"type":"a\u0000b","data":""}',
    'a NUL behind the document': `${event}\u0000`,
    'an unknown escape': '{"type":"\\x41","data":""}',
    'an escape cut short': '{"type":"\\u12","data":""}',
    'a string without an end': '{"type":"T',
    'a literal in upper case': '{"type":"T","data":"","metadata":{"a":TRUE}}',
    undefined: 'undefined',
    'a form': 'type=T&data=',
    'a byte order mark': `\ufeff${event}`,
    'a no-break space in front': `\u00a0${event}`,
    'UTF-16 little endian': Buffer.from(event, 'utf16le'),
    'UTF-16 big endian': Buffer.from(event, 'utf16le').swap16(),
  }).map(([name, body]) => ({ name, body, code: 'invalid-json' }) as const),
  ...Object.entries({
    'a lone continuation byte': latin1('{"type":"\x80","data":""}'),
    'Latin-1': latin1('{"type":"\xe9","data":""}'),
    'an overlong slash': latin1('{"type":"\xc0\xaf","data":""}'),
    'a surrogate in UTF-8': latin1('{"type":"\xed\xa0\x80","data":""}'),
    'a code point past the last': latin1('{"type":"\xf4\x90\x80\x80","data":""}'),
    'a sequence cut short by a quote': latin1('{"type":"\xe2\x82","data":""}'),
    'a sequence cut short by the end': latin1(`${event}\xe2\x82`),
    'the byte FF': latin1(`${event}\xff`),
    'invalid UTF-8 in an unknown field': latin1('{"type":"T","data":"","x":"\xff"}'),
  }).map(([name, body]) => ({ name, body, code: 'invalid-utf8' }) as const),
  ...['"x"', '1', '-0', 'null', 'true', 'false'].map((body) => ({ name: body, body, code: 'invalid-event' }) as const),
  ...['1', '"x"', 'null', '[]', `[${event}]`].map(
    (value) =>
      ({
        name: `[event, ${value}]`,
        body: `[${event},${value}]`,
        code: 'invalid-event',
        members: { index: 1 },
      }) as const,
  ),
  { name: 'an empty array', body: '[]', code: 'no-events' },
  { name: 'an empty array with white space', body: ' [ ] ', code: 'no-events' },
  { name: '65 arrays', body: '['.repeat(65) + ']'.repeat(65), code: 'json-too-deep', members: { limit: 64 } },
  { name: 'metadata that makes 65 levels', body: nestedMetadata(64), code: 'json-too-deep' },
  { name: 'very many open arrays', body: '['.repeat(deep), code: 'json-too-deep' },
  { name: 'very many open objects', body: '{"a":'.repeat(deep), code: 'json-too-deep' },
  { name: 'very many nested arrays', body: '['.repeat(deep) + ']'.repeat(deep), code: 'json-too-deep' },
];

function nestedMetadata(levels: number): string {
  return `{"type":"T","data":"","metadata":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`;
}

function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
