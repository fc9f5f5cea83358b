/** Questions about text, against what the runtime's own UTF-8 and Unicode tables say. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareUtf8, fitsUtf8, hasControlCharacter, utf8Bytes } from '@event-store/core';
import fc from 'fast-check';

/** Well-formed text with many shared beginnings and the code points at which UTF-8 and UTF-16 disagree. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('a', 'b', '\u007f', 'é', '\ud7ff', '\ue000', '\uffff', '𐀀', '𐀁', '\u{10ffff}'),
    maxLength: 6,
  }),
);

describe('compareUtf8', () => {
  it('orders as the bytes do', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        assert.equal(Math.sign(compareUtf8(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 5_000 },
    );
  });

  it('puts a beginning before the whole, and equal texts together', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        assert.equal(compareUtf8(a, a), 0);
        if (b !== '') assert.ok(compareUtf8(a, a + b) < 0 && compareUtf8(a + b, a) > 0);
      }),
    );
  });
});

describe('utf8Bytes and fitsUtf8', () => {
  it('count as the runtime does', () => {
    fc.assert(
      fc.property(text, fc.nat({ max: 60 }), (value, bytesMax) => {
        const bytes = Buffer.byteLength(value);
        assert.equal(utf8Bytes(value), bytes);
        assert.equal(fitsUtf8(value, bytesMax), bytes <= bytesMax);
        assert.equal(fitsUtf8(value, bytes), true);
        assert.equal(fitsUtf8(value, bytes - 1), false);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('hasControlCharacter', () => {
  it('is true of category Cc alone', () => {
    for (let codePoint = 0; codePoint <= 0x3000; codePoint++) {
      const character = String.fromCodePoint(codePoint);
      assert.equal(hasControlCharacter(`a${character}b`), /\p{Cc}/u.test(character), codePoint.toString(16));
    }
  });
});
