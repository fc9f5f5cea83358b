/** Keys and rows of the index: they come back, and keys sort as what they stand for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareUtf8 } from '@event-store/core';
import fc from 'fast-check';
import {
  countPlaces,
  decodeOffset,
  decodePlace,
  decodePlacesKey,
  decodeStreamRow,
  decodeWide,
  encodeOffset,
  encodePlaces,
  encodeStreamRow,
  encodeWide,
  idKey,
  placesKey,
  placesPerRowMax,
  streamKey,
} from '../../src/index/lmdb-format.ts';

const narrow = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const wide = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const streamId = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((text) => text.isWellFormed());

test('rows come back', () => {
  fc.assert(
    fc.property(narrow, wide, narrow, (number, position, offset) => {
      assert.deepEqual(decodeStreamRow(encodeStreamRow({ number, version: position })), { number, version: position });
      assert.equal(decodeWide(encodeWide(position)), position);
      assert.equal(decodeOffset(encodeOffset(offset)), offset);
      assert.deepEqual(decodePlacesKey(placesKey(number, position)), { number, version: position });
    }),
  );
});

test('rows of places come back', () => {
  const place = fc.record({ position: wide, offset: narrow, bytes: narrow }, { noNullPrototype: true });
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: placesPerRowMax }), (places) => {
      const row = encodePlaces(places.map((each) => ({ ...each, segment: 1 })));
      assert.equal(countPlaces(row), places.length);
      assert.deepEqual(
        places.map((_, index) => decodePlace(row, index)),
        places,
      );
    }),
  );
});

test('keys sort as versions, positions and ids do', () => {
  fc.assert(
    fc.property(narrow, wide, wide, (number, one, other) => {
      const order = Math.sign(one - other);
      assert.equal(Buffer.compare(placesKey(number, one), placesKey(number, other)), order);
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
