/** Content negotiation and entity tags, where the wire tests leave room for mistakes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventStoreError } from '@event-store/core';
import fc from 'fast-check';
import { isUnchanged } from '../src/http/entity-tag.ts';
import { eventStreamType, everyForm, negotiate, pageOnly } from '../src/http/negotiate.ts';

const json = 'application/json';
const ndjson = 'application/x-ndjson';

test('the most specific range decides, and among equals the first form', () => {
  const cases: readonly (readonly [accept: string, form: string])[] = [
    [`application/*;q=0.1, ${ndjson};q=0.2`, ndjson],
    [`*/*, application/*;q=0.5, ${json};q=0.1`, eventStreamType],
    [`${ndjson};q=0.5, ${json};q=0.5`, json],
    [`text/event-stream, ${json};q=0.1`, eventStreamType],
    [`text/*, ${json};q=0.1`, eventStreamType],
    [`application/*, ${eventStreamType};q=0.9`, json],
    [`${json};q=0.1, ${json};q=0.9, ${ndjson};q=0.5`, json],
    [`${json};version="a,b";q=0.1, */*;q=0.2`, ndjson],
  ];
  for (const [accept, form] of cases) assert.equal(negotiate(accept, everyForm), form, accept);
});

test('a range that cannot be read allows nothing', () => {
  for (const accept of ['', ',', 'json', `${json};q=2`, `${json};q=`, `${json};q=0.1234`, `${json};q=-1`]) {
    assert.throws(
      () => negotiate(accept, pageOnly),
      (error) => error instanceof EventStoreError && error.code === 'not-acceptable',
      accept,
    );
  }
});

test('any header gives a form that is offered, or a refusal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (accept) => {
      try {
        assert.ok([json, ndjson, eventStreamType].includes(negotiate(accept, everyForm)));
      } catch (error) {
        assert.ok(error instanceof EventStoreError && error.code === 'not-acceptable');
      }
    }),
  );
});

test('entity tags are compared weakly, one by one', () => {
  for (const given of ['W/"3"', '"3"', '"1", W/"3"', '*', ' "3" ']) {
    assert.ok(isUnchanged({ 'if-none-match': given }, 3), given);
  }
  for (const given of ['', '3', 'W/3', '"33"', 'w/"3"']) {
    assert.ok(!isUnchanged({ 'if-none-match': given }, 3), given);
  }
  assert.ok(!isUnchanged({}, 3));
});
