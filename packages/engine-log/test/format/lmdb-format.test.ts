/** Keys and rows of the index: they come back, and keys sort as what they stand for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareUtf8 } from '@event-store/core';
import fc from 'fast-check';
import {
  decodeOffset,
  decodePlace,
  decodeStreamRow,
  decodeWide,
  encodeOffset,
  encodePlace,
  encodeStreamRow,
  encodeWide,
  idKey,
  placeKey,
  streamKey,
  versionOfPlaceKey,
} from '../../src/index/lmdb-format.ts';

const narrow = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const wide = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const streamId = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((text) => text.isWellFormed());

test('rows come back', () => {
  fc.assert(
    fc.property(narrow, wide, narrow, narrow, (number, position, offset, bytes) => {
      assert.deepEqual(decodeStreamRow(encodeStreamRow({ number, version: position })), { number, version: position });
      assert.deepEqual(decodePlace(encodePlace({ position, segment: 1, offset, bytes })), { position, offset, bytes });
      assert.equal(decodeWide(encodeWide(position)), position);
      assert.equal(decodeOffset(encodeOffset(offset)), offset);
      assert.equal(versionOfPlaceKey(placeKey(number, position)), position);
    }),
  );
});

test('keys sort as versions, positions and ids do', () => {
  fc.assert(
    fc.property(narrow, wide, wide, (number, one, other) => {
      const order = Math.sign(one - other);
      assert.equal(Buffer.compare(placeKey(number, one), placeKey(number, other)), order);
      assert.equal(Buffer.compare(encodeWide(one), encodeWide(other)), order);
    }),
  );
  fc.assert(
    fc.property(streamId, streamId, (one, other) => {
      assert.equal(Buffer.compare(streamKey(one), streamKey(other)), Math.sign(compareUtf8(one, other)));
    }),
  );
});

test('keys of different streams, or of different ids, differ', () => {
  const key = fc.tuple(narrow, fc.stringMatching(/^[A-Za-z0-9_.:-]{1,20}$/));
  fc.assert(
    fc.property(key, key, ([number, id], [otherNumber, otherId]) => {
      const areSame = number === otherNumber && id === otherId;
      assert.equal(idKey(number, id).equals(idKey(otherNumber, otherId)), areSame);
    }),
  );
});
