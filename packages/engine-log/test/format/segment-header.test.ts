/** The first line of a segment, and its name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodeSegmentHeader,
  encodeSegmentHeader,
  headerBytesMax,
  parseSegmentName,
  segmentName,
} from '../../src/format/segment-header.ts';

const header = fc.record({
  format: fc.constantFrom(1, 2),
  storeId: fc.oneof(fc.uuid(), fc.string({ maxLength: 40 })),
  firstPosition: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  previousChecksum: fc.integer({ min: 0, max: 0xffffffff }),
});

test('it comes back from the first bytes of a segment', () => {
  fc.assert(
    fc.property(header, fc.string(), (fields, rest) => {
      const { bytes, checksum } = encodeSegmentHeader(fields);
      assert.ok(bytes.length <= headerBytesMax);
      const found = decodeSegmentHeader(Buffer.concat([bytes, Buffer.from(rest)]));
      assert.deepEqual(found, { ...fields, bytes: bytes.length, checksum });
    }),
  );
});

test('every flipped bit and every cut shows', () => {
  const { bytes } = encodeSegmentHeader({
    format: 2,
    storeId: 'a-store',
    firstPosition: 17,
    previousChecksum: 0xabcdef,
  });
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const damaged = Buffer.from(bytes);
    damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
    assert.equal(decodeSegmentHeader(damaged), undefined, `bit ${bit}`);
  }
  for (let end = 0; end < bytes.length; end++) assert.equal(decodeSegmentHeader(bytes.subarray(0, end)), undefined);
});

test('names sort as positions do, and nothing else is a name', () => {
  assert.equal(segmentName(1), '00000000000000000001.ndjson');
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (position) => {
      assert.equal(parseSegmentName(segmentName(position)), position);
    }),
  );
  for (const name of [
    '1.ndjson',
    '00000000000000000001.ndjson.tmp',
    '00000000000000000001.json',
    '0000000000000000000a.ndjson',
  ]) {
    assert.equal(parseSegmentName(name), undefined, name);
  }
});
