/** Every planted bug can still be planted: what it changes stands in the source once, and its scenario is there. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { allBugs } from '../../simulation/planted/all-bugs.ts';
import { scenarios } from '../../simulation/planted/scenario.ts';

test('each edit finds its text exactly once', () => {
  assert.ok(allBugs.length >= 60);
  assert.equal(new Set(allBugs.map(({ name }) => name)).size, allBugs.length, 'names are told apart');
  for (const { name, edits, scenario } of allBugs) {
    assert.ok(edits.length > 0 && scenario in scenarios, name);
    for (const { file, find } of edits) {
      assert.equal(readFileSync(file, 'utf8').split(find).length - 1, 1, `${name}: ${file}: ${find}`);
    }
  }
});
