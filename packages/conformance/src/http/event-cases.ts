import type { BodyCase } from './body-cases.ts';

/** Events of the right shape with a wrong field. `index` is the event's place in the append. */
export const eventCases: readonly BodyCase[] = [
  ...fields('an unknown field', 'unknown-field', {
    x: 1,
    '': 1,
    Type: 'T',
    'a/b~c': 1,
    constructor: 1,
    toString: null,
  }),
  ...fields('a field of the server', 'unknown-field', {
    streamId: 's',
    version: 1,
    time: '2026-01-01T00:00:00.000Z',
    position: 1,
    commit: 1,
    synced: 1,
    crc32: '00000000',
    lost: {},
  }),
  {
    name: 'the field __proto__',
    body: '{"type":"T","data":"","__proto__":{}}',
    code: 'unknown-field',
    members: { index: 0, pointer: '/__proto__' },
  },
  {
    name: 'an unknown field in the second event',
    body: '[{"type":"T","data":""},{"type":"T","data":"","position":1}]',
    code: 'unknown-field',
    members: { index: 1, pointer: '/1/position' },
  },
  ...wrong('type', 'invalid-event-type', {
    missing: undefined,
    empty: '',
    'a number': 1,
    null: null,
    'an array': ['T'],
    '257 bytes': 'x'.repeat(257),
    '257 bytes in 129 characters': `${'é'.repeat(128)}x`,
    'with a NUL': 'a\u0000b',
    'with a line feed': 'a\nb',
    'with a tab': 'a\tb',
    'with DEL': 'a\u007f',
    'with a C1 control': 'a\u0085',
    'a lone high surrogate': 'a\ud83d',
    'a lone low surrogate': '\ude00a',
  }),
  ...wrong('data', 'invalid-data', {
    missing: undefined,
    'a number': 1,
    null: null,
    'an object': { amount: 1 },
    'an array': [],
    'not base64': '***',
    'without padding': 'QQ',
    'with half its padding': 'QQ=',
    'with too much padding': 'QUE==',
    'padding alone': '====',
    'padding in the middle': 'QQ==QQ==',
    'one character': 'Q',
    'five characters': 'QUFBQ',
    'of the URL-safe alphabet': '-_-_',
    'with a line break': 'QUFB\nQUFB\n\n\n',
    'with a carriage return and line feed': 'QUFB\r\nQUFB\r\n',
    'with spaces': 'QUFB    ',
    'with a space in front': ' QUF',
    'with a letter that is not ASCII': 'QUFé',
    'with full-width letters': 'ＱＵＦＢ',
    'a data URL': 'data:;base64,QUFB',
    'plain text': 'hello',
  }),
  ...wrong('id', 'invalid-event-id', {
    empty: '',
    'a number': 1,
    null: null,
    '129 characters': 'x'.repeat(129),
    'with a space': 'a b',
    'with a slash': 'a/b',
    'with a line feed': 'a\n',
    'not ASCII': 'é',
    'with full-width digits': '１',
  }),
  {
    name: 'an id for the first event alone',
    body: '[{"type":"T","data":"","id":"a"},{"type":"T","data":""}]',
    code: 'invalid-event-id',
    members: { index: 1 },
  },
  {
    name: 'an id for the second event alone',
    body: '[{"type":"T","data":""},{"type":"T","data":"","id":"a"}]',
    code: 'invalid-event-id',
  },
  {
    name: 'the same id twice',
    body: '[{"type":"T","data":"","id":"a"},{"type":"T","data":"","id":"b"},{"type":"T","data":"","id":"a"}]',
    code: 'duplicate-event-id',
    members: { index: 2 },
  },
  ...wrong('metadata', 'invalid-metadata', { 'a string': 'x', 'an array': [], 'a number': 1, null: null, true: true }),
  ...[
    '12345678901234567890',
    '1e400',
    '-1e400',
    '9007199254740993',
    '0.1234567890123456789',
    '1e-400',
    '123456789.123456789123',
  ].map(
    (number) =>
      ({
        name: `metadata with the number ${number}`,
        body: `{"type":"T","data":"","metadata":{"deep":[{"a":${number}}]}}`,
        code: 'invalid-metadata',
        members: { index: 0 },
      }) as const,
  ),
];

function fields(name: string, code: BodyCase['code'], values: Readonly<Record<string, unknown>>): BodyCase[] {
  return Object.entries(values).map(([field, value]) => ({
    name: `${name}, "${field}",`,
    body: JSON.stringify({ type: 'T', data: '', [field]: value }),
    code,
    members: { index: 0, pointer: `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}` },
  }));
}

function wrong(field: string, code: BodyCase['code'], values: Readonly<Record<string, unknown>>): BodyCase[] {
  return Object.entries(values).map(([name, value]) => ({
    name: `${field}: ${name},`,
    body: JSON.stringify({ type: 'T', data: '', [field]: value }),
    code,
    members: { index: 0 },
  }));
}
