/** The error classes carry what callers look at: codes, kinds, details, causes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as assertInvariant, EventStoreError, errorTitles, StartError } from '@event-store/core';

describe('EventStoreError', () => {
  it('has a code, details and the cause', () => {
    const cause = new Error('disk');
    const error = new EventStoreError('disk-full', 'The disk is full.', { details: { limit: 7 }, cause });
    assert.ok(error instanceof Error);
    assert.deepEqual([error.name, error.code, error.details], ['EventStoreError', 'disk-full', { limit: 7 }]);
    assert.equal(error.cause, cause);
  });

  it('has no details and no cause unless given', () => {
    const error = new EventStoreError('no-events', 'There are none.');
    assert.deepEqual(error.details, {});
    assert.equal('cause' in error, false);
  });
});

describe('the catalogue', () => {
  it('has a title of its own for each code', () => {
    const titles = Object.values(errorTitles);
    assert.equal(new Set(titles).size, titles.length);
    for (const [code, title] of Object.entries(errorTitles)) {
      assert.match(code, /^[a-z0-9]+(-[a-z0-9]+)*$/);
      assert.match(title, /^[A-Z].*[^.]$/);
    }
  });
});

describe('StartError', () => {
  it('has a kind and the cause', () => {
    const error = new StartError('in-use', 'Another process has it.', { cause: 7 });
    assert.deepEqual([error.name, error.kind, error.cause], ['StartError', 'in-use', 7]);
  });
});

describe('assert', () => {
  it('throws on a broken invariant only, and that is no error for users', () => {
    assertInvariant(true, 'fine');
    assert.throws(
      () => assertInvariant(false, 'broken'),
      (error) => !(error instanceof EventStoreError),
    );
  });
});
