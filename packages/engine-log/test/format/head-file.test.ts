/** `head`: two slots, of which the newest intact one counts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeHead, encodeHead, type Head, headFileBytes } from '../../src/format/head-file.ts';

const number = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const head: fc.Arbitrary<Head> = fc.record(
  {
    storeId: fc.uuid(),
    sequence: number,
    clean: fc.boolean(),
    end: fc.record(
      {
        segment: number,
        offset: number,
        position: number,
        checksum: fc.integer({ min: 0, max: 0xffffffff }),
      },
      { noNullPrototype: true },
    ),
  },
  { noNullPrototype: true },
);

function fileOf(...heads: readonly Head[]): Buffer {
  const file = Buffer.alloc(headFileBytes);
  for (const each of heads) {
    const { bytes, at } = encodeHead(each);
    bytes.copy(file, at);
  }
  return file;
}

test('it comes back, and the newer of two slots counts', () => {
  fc.assert(
    fc.property(head, head, (one, other) => {
      assert.deepEqual(decodeHead(fileOf(one)), one);
      const next = { ...other, sequence: one.sequence + 1 };
      assert.deepEqual(decodeHead(fileOf(one, next)), next);
      assert.deepEqual(decodeHead(fileOf(next, one)), next);
    }),
  );
});

test('a slot that was torn anywhere leaves the other one', () => {
  const end = { segment: 1, offset: 500, position: 3, checksum: 0x12345678 };
  const old = { storeId: 'a-store', sequence: 8, clean: false, end };
  const next = { ...old, sequence: 9, end: { ...end, offset: 700, position: 4 } };
  const { bytes, at } = encodeHead(next);
  const lineBytes = bytes.indexOf('\n') + 1;
  for (let written = 0; written < lineBytes; written++) {
    const file = fileOf(old);
    bytes.copy(file, at, 0, written);
    assert.deepEqual(decodeHead(file), old, `${written} bytes written`);
  }
  for (let bit = 0; bit < lineBytes * 8; bit++) {
    const file = fileOf(old, next);
    const byte = at + (bit >> 3);
    file[byte] = (file[byte] as number) ^ (1 << (bit & 7));
    assert.deepEqual(decodeHead(file), old, `bit ${bit}`);
  }
});

test('what is no head is none', () => {
  for (const content of ['', '\n', '{}\n', '{"crc32":"00000000"}\n', '\0'.repeat(headFileBytes)]) {
    assert.equal(decodeHead(Buffer.from(content)), undefined);
  }
});
