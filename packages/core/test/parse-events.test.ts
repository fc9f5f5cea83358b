/** Every bad body gets its exact answer, and every good one is kept as it was sent. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ErrorCode, type ErrorDetails, limits, parseAppend, parseStreamId } from '@event-store/core';
import { bodyRefused, parseBody, parseOne } from './parsing.ts';

const good = { type: 'Opened', data: '' };

/** Asserts the refusal of one event sent alone, and as the second of an array. */
function eventRefused(event: object, code: ErrorCode, details: ErrorDetails = {}): void {
  bodyRefused(JSON.stringify(event), code, { index: 0, ...details });
  bodyRefused(JSON.stringify([good, event]), code, { index: 1, ...details });
}

describe('documents', () => {
  const documents = ['', ' ', '{', '{"type":"T","data":"",}', '[1,]', '{/**/}', 'NaN', '{} {}', '\ufeff{}', "{'a':1}"];
  for (const json of [...documents, 'undefined', '01', '[', '"', '"\\', '{"type":"\n"}', '\u0000{\u0000}\u0000']) {
    it(`${JSON.stringify(json)} is not JSON`, () => bodyRefused(json, 'invalid-json', {}));
  }

  it('nesting over the limit', () => {
    const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const details = { limit: limits.jsonDepthMax };
    bodyRefused(deep(limits.jsonDepthMax + 1), 'json-too-deep', details);
    bodyRefused('['.repeat(1_000_000), 'json-too-deep', details);
    bodyRefused('{"a":'.repeat(100_000), 'json-too-deep', details);
    bodyRefused(deep(limits.jsonDepthMax), 'invalid-event', { index: 0, pointer: '/0' });
  });

  it('brackets in strings are not nesting', () => {
    assert.equal(parseOne({ type: '[{'.repeat(100), data: '' }).type, '[{'.repeat(100));
    assert.equal(parseOne({ type: '\\"[{'.repeat(60), data: '' }).type, '\\"[{'.repeat(60));
  });

  for (const json of ['"x"', '1', 'null', 'true']) {
    it(`${json} is not an event`, () => {
      bodyRefused(json, 'invalid-event', { index: 0, pointer: '' });
      bodyRefused(`[${JSON.stringify(good)},${json}]`, 'invalid-event', { index: 1, pointer: '/1' });
    });
  }

  it('an array in an array is not an event', () => bodyRefused('[[]]', 'invalid-event', { index: 0, pointer: '/0' }));

  it('no events', () => bodyRefused('[]', 'no-events', {}));

  it('too many events', () => {
    const count = limits.appendEventsMax;
    const body = (length: number) => JSON.stringify(Array.from({ length }, () => good));
    assert.equal(parseBody(body(count)).length, count);
    bodyRefused(body(count + 1), 'too-many-events', { limit: count });
  });

  it('an append that is too large as stored', () => {
    const event = { type: 'T', data: btoa('x'.repeat(limits.eventBytesMax)) };
    const fits = Math.floor(limits.appendBytesMax / event.data.length);
    const body = (length: number) => JSON.stringify(Array.from({ length }, () => event));
    assert.equal(parseBody(body(fits - 1)).length, fits - 1);
    bodyRefused(body(fits + 1), 'append-too-large', { limit: limits.appendBytesMax });
  });
});

describe('fields', () => {
  for (const name of ['position', 'version', 'time', 'streamId', 'commit', 'Type', '', 'constructor', 'toJSON']) {
    it(`"${name}" cannot be set`, () => {
      bodyRefused(JSON.stringify({ ...good, [name]: 1 }), 'unknown-field', { index: 0, pointer: `/${name}` });
      bodyRefused(JSON.stringify([good, { ...good, [name]: 1 }]), 'unknown-field', { index: 1, pointer: `/1/${name}` });
    });
  }

  it('"__proto__" cannot be set, and changes nothing', () => {
    const json = '{"type":"T","data":"","__proto__":{"id":"x"}}';
    bodyRefused(json, 'unknown-field', { index: 0, pointer: '/__proto__' });
    assert.equal('id' in {}, false);
  });

  it('the pointer is escaped as RFC 6901 says', () => {
    const json = JSON.stringify({ ...good, 'a/b~c': 1 });
    bodyRefused(json, 'unknown-field', { index: 0, pointer: '/a~1b~0c' });
  });

  it('the last of two fields of one name counts', () => {
    const [event] = parseBody('{"type":"A","data":"!","type":"B","data":"QUJD"}');
    assert.deepEqual(event, { type: 'B', data: 'QUJD', id: undefined, metadata: undefined });
  });
});

describe('type', () => {
  const wrong = [undefined, '', 1, null, true, {}, [], '\u0000', 'a\nb', '\u001f', '\u007f', '\u0085', '\u009f'];
  for (const type of [...wrong, '\ud800', 'a\udc00b', '\udc00\ud800']) {
    it(`${JSON.stringify(type)} is refused`, () => eventRefused({ type, data: '' }, 'invalid-event-type'));
  }

  it('over 256 bytes is refused, 256 is not', () => {
    const details = { limit: limits.eventTypeBytesMax };
    for (const unit of ['x', 'é', '€', '𐀀']) {
      const count = Math.floor(256 / Buffer.byteLength(unit));
      assert.equal(parseOne({ type: unit.repeat(count), data: '' }).type, unit.repeat(count));
      eventRefused({ type: unit.repeat(count + 1), data: '' }, 'invalid-event-type', details);
    }
  });

  for (const type of ['x', ' ', '__proto__', '"', '\\', '\u2028', '\u00a0', '\ufffe', '𐀀', '</script>']) {
    it(`${JSON.stringify(type)} is kept`, () => assert.equal(parseOne({ type, data: '' }).type, type));
  }
});

describe('data', () => {
  const wrong = [
    undefined,
    null,
    1,
    {},
    [],
    '***',
    'A',
    'AB',
    'ABC',
    'QUI',
    'QQ',
    'QQ=',
    '=',
    '==',
    '====',
    'Q===',
    '=QQQ',
  ];
  for (const data of [...wrong, 'QQ==QQ==', 'QU=C', '-_-_', 'QUJD\n', 'QUJ\n', 'QUJD ', 'é', 'QUJ\u0000', 'QUJＤ']) {
    it(`${JSON.stringify(data)} is refused`, () => eventRefused({ type: 'T', data }, 'invalid-data'));
  }

  for (const data of ['', 'QUJD', 'QUI=', 'QQ==', 'QR==', 'QUJ=', '+/+/', '////']) {
    it(`"${data}" is kept`, () => assert.equal(parseOne({ type: 'T', data }).data, data));
  }

  it('what is refused is refused in long data too, wherever it stands, and what is kept is kept', () => {
    const long = 'QUJD'.repeat(400);
    const refused = [...wrong, 'QQ==QQ==', 'QU=C', '-_-_', 'QUJD\n', 'QUJD    ', 'QU\tJ', 'é', 'QUJ\u0000', 'QUJＤ'];
    for (const data of refused.filter((each) => typeof each === 'string')) {
      for (const each of [long + data, long + data + long, data + long])
        eventRefused({ type: 'T', data: each }, 'invalid-data');
    }
    for (const data of ['', 'QUI=', 'QQ==', 'QR==', 'QUJ=', '+/+/', '////'])
      assert.equal(parseOne({ type: 'T', data: long + data }).data, long + data);
  });

  it('over 256 KiB decoded is refused, 256 KiB is not', () => {
    const limit = limits.eventBytesMax;
    for (const size of [limit - 2, limit - 1, limit]) parseOne({ type: 'T', data: btoa('x'.repeat(size)) });
    for (const size of [limit + 1, limit + 2, limit + 3]) {
      eventRefused({ type: 'T', data: btoa('x'.repeat(size)) }, 'event-too-large', { limit });
    }
  });
});

describe('id', () => {
  for (const id of ['', ' ', 'a b', 'a/b', 'é', 'a\n', 1, null, {}, [], true, 'x'.repeat(129)]) {
    it(`${JSON.stringify(id)} is refused`, () => {
      const details = { index: 0 };
      bodyRefused(JSON.stringify({ ...good, id }), 'invalid-event-id', details);
      bodyRefused(JSON.stringify([{ ...good, id }, good]), 'invalid-event-id', details);
    });
  }

  for (const id of ['x', 'x'.repeat(128), 'A-Z.a-z_0:9', '__proto__', '-', '0']) {
    it(`"${id}" is kept`, () => assert.equal(parseOne({ ...good, id }).id, id));
  }

  it('all events have one or none has', () => {
    bodyRefused(JSON.stringify([{ ...good, id: 'a' }, good]), 'invalid-event-id', { index: 1 });
    bodyRefused(JSON.stringify([good, { ...good, id: 'a' }]), 'invalid-event-id', { index: 0 });
    assert.equal(parseBody(JSON.stringify([good, good])).length, 2);
  });

  it('twice in one append is refused', () => {
    const ids = ['a', 'b', '__proto__', 'b'];
    const body = (of: readonly string[]) => JSON.stringify(of.map((id) => ({ ...good, id })));
    bodyRefused(body(ids), 'duplicate-event-id', { index: 3 });
    assert.equal(parseBody(body(ids.slice(0, 3))).length, 3);
  });
});

describe('metadata', () => {
  for (const metadata of ['x', 1, null, true, [], [{}]]) {
    it(`${JSON.stringify(metadata)} is refused`, () => eventRefused({ ...good, metadata }, 'invalid-metadata'));
  }

  it('over 16 KiB as printed is refused, 16 KiB is not', () => {
    const limit = limits.metadataBytesMax;
    const sized = (bytes: number) => ({ ...good, metadata: { m: 'x'.repeat(bytes - '{"m":""}'.length) } });
    assert.equal(parseOne(sized(limit)).metadata?.length, limit);
    eventRefused(sized(limit + 1), 'invalid-metadata', { limit });
    eventRefused({ ...good, metadata: { m: 'é'.repeat(limit / 2) } }, 'invalid-metadata', { limit });
    const spaced = `{"type":"T","data":"","metadata":{${' '.repeat(2 * limit)}}}`;
    assert.equal(parseBody(spaced)[0]?.metadata, '{}');
  });

  it('is kept as JavaScript prints it', () => {
    const [event] = parseBody(
      '{"type":"T","data":"","metadata":{ "b" : [1.0, -0, 1e2], "2":"\\u00e9\\u2028\\ud800", "a":1,"a":2 }}',
    );
    assert.equal(event?.metadata, '{"2":"é\\u2028\\ud800","b":[1,0,100],"a":2}');
  });

  it('may hold "__proto__", which changes nothing', () => {
    const [event] = parseBody('{"type":"T","data":"","metadata":{"__proto__":{"polluted":true}}}');
    assert.equal(event?.metadata, '{"__proto__":{"polluted":true}}');
    assert.equal('polluted' in {}, false);
  });

  for (const number of [
    '12345678901234567890',
    '1e400',
    '-1e400',
    '9007199254740993',
    '0.1000000000000000055',
    '1e-400',
  ]) {
    it(`holding ${number}, wherever it stands, is refused`, () => {
      for (const metadata of [`{"n":${number}}`, `{"a":[{"b":[1,${number}]}]}`, `{"__proto__":${number}}`]) {
        bodyRefused(`{"type":"T","data":"","metadata":${metadata}}`, 'invalid-metadata', { index: 0 });
        const second = `{"type":"T","data":"","metadata":${metadata}}`;
        bodyRefused(`[{"type":"T","data":"","metadata":{"n":1}},${second}]`, 'invalid-metadata', { index: 1 });
      }
    });
  }

  it('a number that a later field of the same name replaces does not count', () => {
    const [event] = parseBody('{"type":"T","data":"","metadata":{"n":1e400,"n":1}}');
    assert.equal(event?.metadata, '{"n":1}');
  });
});

describe('an append', () => {
  it('is for the stream and version that it was parsed for, under the limits it was given', () => {
    const streamId = parseStreamId('a/b');
    const append = parseAppend(JSON.stringify([good, good]), { streamId, expectedVersion: 7, limits });
    assert.deepEqual([append.streamId, append.expectedVersion, append.events.length], ['a/b', 7, 2]);
    const fewer = { ...limits, appendEventsMax: 1 };
    assert.throws(() => parseAppend(JSON.stringify([good, good]), { streamId, expectedVersion: 7, limits: fewer }), {
      code: 'too-many-events',
      details: { limit: 1 },
    });
  });

  it('is refused for its first bad event', () => {
    const body = [good, { ...good, type: '' }, { ...good, data: '!' }, { ...good, extra: 1 }];
    bodyRefused(JSON.stringify(body), 'invalid-event-type', { index: 1 });
  });
});
