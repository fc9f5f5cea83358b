/** Which stream ids there are: kept as they are, or refused with the right code. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits, parseStreamId } from '@event-store/core';
import fc from 'fast-check';
import { refusalOf } from './parsing.ts';

describe('parseStreamId', () => {
  const kept = ['a', 'a/b', 'é', '__proto__', 'constructor', 'CON', ' ', '...', '-a', '--', 'a/-/b', '/', '%2F', '0'];
  for (const text of [...kept, '\u00a0', '\u2028', '\ufeff', '𐀀', '<script>', '"', '\\']) {
    it(`keeps ${JSON.stringify(text)}`, () => assert.equal(parseStreamId(text), text));
  }

  for (const text of ['', '.', '..', '\u0000', 'a\nb', '\u001f', 'a\u007f', '\u0080', '\u009f', '\ud800', 'a\udc00']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.deepEqual(
        refusalOf(() => parseStreamId(text)),
        { code: 'invalid-stream-id', details: {} },
      );
    });
  }

  for (const text of ['-', '-/', '-/x', '-/-/x']) {
    it(`leaves ${JSON.stringify(text)} to the service`, () => {
      assert.deepEqual(
        refusalOf(() => parseStreamId(text)),
        { code: 'reserved-stream-id', details: {} },
      );
    });
  }

  it('counts bytes of UTF-8', () => {
    for (const unit of ['x', 'é', '€', '𐀀']) {
      const count = Math.floor(limits.streamIdBytesMax / Buffer.byteLength(unit));
      assert.equal(parseStreamId(unit.repeat(count)), unit.repeat(count));
      assert.equal(refusalOf(() => parseStreamId(unit.repeat(count + 1)))?.code, 'invalid-stream-id');
    }
  });

  it('keeps a text or refuses it, and what it keeps survives UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        if (refusalOf(() => parseStreamId(text)) !== undefined) return;
        const bytes = Buffer.from(text);
        assert.equal(bytes.toString(), text);
        assert.ok(bytes.length >= 1 && bytes.length <= limits.streamIdBytesMax);
        assert.doesNotMatch(text, /\p{Cc}/u);
      }),
    );
  });
});
