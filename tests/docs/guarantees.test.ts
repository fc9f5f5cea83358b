/** Each promise is on the page with tests that exist and name it, and no test names one without being there. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { codeIn, readPage, tableRows } from './markdown.ts';

const rows = tableRows(readPage('docs/concepts/guarantees.md'), ['promise', 'in words', 'shown by']);
const promises = Array.from({ length: 22 }, (_, index) => `P-${String(index + 1).padStart(2, '0')}`);
const shownBy = new Map(rows.map((row) => [row.promise, codeIn(row['shown by'])]));

test('the page has the 22 promises, in their order, each in words', () => {
  assert.deepEqual(
    rows.map(({ promise }) => promise),
    promises,
  );
  for (const row of rows) assert.match(row['in words'], /\.$/, row.promise);
});

for (const promise of promises) {
  test(`${promise} is shown by tests that say so`, () => {
    const paths = shownBy.get(promise) ?? [];
    assert.ok(paths.length > 0, 'there is a test');
    for (const path of paths)
      assert.ok(readFileSync(path, 'utf8').includes(promise), `${path} does not name ${promise}`);
  });
}

test('every test that names a promise is on the page', () => {
  const own = 'tests/docs/guarantees.test.ts';
  const files = globSync(['{tests,packages/*/test}/**/*.test.ts', 'simulation/programme/*.ts']).filter(
    (each) => each !== own,
  );
  for (const path of files) {
    for (const [promise] of readFileSync(path, 'utf8').matchAll(/\bP-\d\d\b/g)) {
      assert.ok(shownBy.get(promise)?.includes(path), `${path} names ${promise}`);
    }
  }
});
