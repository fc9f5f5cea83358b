/** `store.json`: what makes a directory a store. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StartError } from '@event-store/core';
import fc from 'fast-check';
import { decodeStoreFile, encodeStoreFile } from '../../src/format/store-file.ts';

test('it comes back', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (storeId, created) => {
      assert.deepEqual(decodeStoreFile(encodeStoreFile({ storeId, created })), { format: 1, storeId, created });
    }),
  );
});

test('what is no store of ours, or of a newer release, is refused', () => {
  const texts = ['', '{', 'null', '1', '"x"', '[]', '{}', '{"format":"1","storeId":"a","created":"b"}', '{"format":1}'];
  for (const text of [...texts, '{"format":2,"storeId":"a","created":"b"}']) {
    const isRefused = (error: unknown) => error instanceof StartError && error.kind === 'foreign-data';
    assert.throws(() => decodeStoreFile(Buffer.from(text)), isRefused, text);
  }
});
