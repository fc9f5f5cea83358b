/** The page about testing says what the ledger says, and the ledger is one that runs can have written. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { testingPage, withTotals } from '../../scripts/testing-totals.ts';
import { invariants } from '../../simulation/checker/finding.ts';
import { readLedger } from '../../simulation/programme/ledger.ts';
import { parts } from '../../simulation/programme/parts.ts';
import { onlyCodeIn, tableRows } from './markdown.ts';

const page = readFileSync(testingPage, 'utf8');

test('the totals on the page are those of the ledger', () => {
  assert.equal(page, withTotals(page), 'run: node --conditions=source scripts/testing-totals.ts');
});

test('every line of the ledger is of a part that there is', () => {
  const ids = new Set(parts.map(({ id }) => id));
  for (const { part, date, done, trials } of readLedger()) {
    assert.ok(ids.has(part), part);
    assert.match(date, /^\d{4}-\d\d-\d\d$/);
    assert.ok(done >= 0 && trials >= 0);
  }
});

test('the options on the page are those of the programme', () => {
  const options = readFileSync('simulation/programme/read-arguments.ts', 'utf8').matchAll(/^ {8}(\w+): \{ type:/gm);
  assert.deepEqual(
    tableRows(page, ['option', 'meaning']).map(({ option }) => onlyCodeIn(option)),
    [...options].map(([, name]) => `--${name}`),
  );
});

test('the invariants on the page are those of the checker', () => {
  const rows = tableRows(page, ['id', 'what must hold']);
  assert.deepEqual(Object.fromEntries(rows.map((row) => [row.id, row['what must hold']])), invariants);
});
