/** A run is void when too few operations ran, too few of the contended ones conflicted, or too few faults hit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RunCounts, whyVoid } from '../../simulation/checker/why-void.ts';

const enough: RunCounts = {
  operations: { planned: 100, done: 90 },
  contended: { done: 100, conflicts: 20 },
  faults: { planned: 100, hit: 80 },
};

const cases: readonly (readonly [what: string, counts: RunCounts, reason: RegExp | undefined])[] = [
  ['just enough of everything', enough, undefined],
  ['no faults planned', { operations: enough.operations, contended: enough.contended }, undefined],
  ['too few operations', { ...enough, operations: { planned: 100, done: 89 } }, /89 of 100 operations/],
  ['too few conflicts', { ...enough, contended: { done: 100, conflicts: 19 } }, /19 of 100 appends/],
  ['too few faults', { ...enough, faults: { planned: 100, hit: 79 } }, /79 of 100 planned faults/],
];

for (const [what, counts, reason] of cases) {
  test(what, () => {
    const found = whyVoid(counts);
    if (reason === undefined) assert.equal(found, undefined);
    else assert.match(found ?? '', reason);
  });
}
