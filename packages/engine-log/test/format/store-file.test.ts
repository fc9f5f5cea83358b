/** `store.json`: what makes a directory a store. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StartError } from '@event-store/core';
import fc from 'fast-check';
import { decodeStoreFile, encodeStoreFile, formatVersion } from '../../src/format/store-file.ts';

test('it comes back', () => {
  fc.assert(
    fc.property(fc.constantFrom(1, formatVersion), fc.string(), fc.string(), (format, storeId, created) => {
      const store = { format, storeId, created };
      assert.deepEqual(decodeStoreFile(encodeStoreFile(store)), store);
    }),
  );
});

test('what is no store of ours, or of a newer release, is refused', () => {
  const texts = ['', '{', 'null', '1', '"x"', '[]', '{}', '{"format":"1","storeId":"a","created":"b"}', '{"format":1}'];
  const formats = [0, -1, 1.5, formatVersion + 1].map((format) => `{"format":${format},"storeId":"a","created":"b"}`);
  for (const text of [...texts, ...formats]) {
    const isRefused = (error: unknown) => error instanceof StartError && error.kind === 'foreign-data';
    assert.throws(() => decodeStoreFile(Buffer.from(text)), isRefused, text);
  }
});
