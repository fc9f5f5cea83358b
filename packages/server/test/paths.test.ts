/** Paths: which pattern they have, and that stream ids are decoded exactly once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventStoreError, parseStreamId } from '@event-store/core';
import fc from 'fast-check';
import { PathMethods, patternOf } from '../src/http/path-methods.ts';
import { streamIdIn, versionIn, wholeNumber } from '../src/http/stream-path.ts';

const code = (action: () => unknown): unknown => {
  try {
    return action();
  } catch (error) {
    return error instanceof EventStoreError ? error.code : error;
  }
};

test('a stream id comes back from its encoding, with or without a version behind it', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(text, fc.nat(), (id, version) => {
      const target = `/${encodeURIComponent(id)}`;
      const expected = code(() => parseStreamId(id));
      assert.equal(
        code(() => streamIdIn(target)),
        expected,
      );
      assert.equal(
        code(() => streamIdIn(`${target}/${version}?limit=1`)),
        expected,
      );
    }),
  );
});

test('whatever is sent is decoded as decodeURIComponent does, or refused', () => {
  const piece = fc.constantFrom('%', '25', '2F', '2f', 'C3', 'A9', 'é', 'a', '%2', '%C0%AF', '%00', '%F0%9F%98%80');
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), (pieces) => {
      const segment = pieces.join('');
      const expected = code(() => {
        let decoded: string;
        try {
          decoded = decodeURIComponent(segment);
        } catch {
          return 'invalid-stream-id';
        }
        return parseStreamId(decoded);
      });
      assert.equal(
        code(() => streamIdIn(`/${segment}`)),
        expected,
      );
    }),
  );
});

test('a version is plain decimal from 1', () => {
  for (const text of ['1', '42', `${Number.MAX_SAFE_INTEGER}`]) assert.equal(versionIn(`/a/${text}`), Number(text));
  for (const text of ['0', '-1', '01', '1e3', '1.0', '%zz', '1%20', `${Number.MAX_SAFE_INTEGER + 1}`]) {
    assert.equal(
      code(() => versionIn(`/a/${text}`)),
      'invalid-version',
      text,
    );
  }
  assert.equal(versionIn('/a'), undefined);
});

test('a whole number is what JavaScript prints for it, and nothing else', () => {
  fc.assert(fc.property(fc.maxSafeNat(), (number) => wholeNumber(`${number}`) === number));
  fc.assert(fc.property(fc.string(), (text) => wholeNumber(text) === undefined || `${wholeNumber(text)}` === text));
});

test('patterns are those of paths as they were sent', () => {
  const patterns = {
    '/': '/',
    '/a': '/:streamId',
    '/-': '/:streamId',
    '/-a': '/:streamId',
    '/%2D/events': '/:streamId/:version',
    '/a/1': '/:streamId/:version',
    '/a/': undefined,
    '//': undefined,
    '//1': undefined,
    '/a//': undefined,
    '/a/1/': undefined,
    '/-/': '/-/',
    '/-/a/b/c': '/-/a/b/c',
  };
  for (const [path, pattern] of Object.entries(patterns)) assert.equal(patternOf(path), pattern, path);
});

test('methods of one pattern add up, and a query is no part of the path', () => {
  const methods = new PathMethods();
  methods.add('/:streamId', ['POST']);
  methods.add('/:streamId', ['GET', 'HEAD']);
  assert.deepEqual(methods.of('/a?b=/c'), ['POST', 'GET', 'HEAD']);
  assert.equal(methods.of('/a/1'), undefined);
  assert.equal(methods.of('/-/:streamId'), undefined);
});
