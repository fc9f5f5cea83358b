/** A correct store gives no finding, whatever the order of its clients and the fate of their answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkHistory, embeddedClaims } from '../../simulation/checker/check-history.ts';
import { printFinding } from '../../simulation/checker/finding.ts';
import { decodeHistory, encodeHistory } from '../../simulation/checker/history.ts';
import { modelHistory } from './model-history.ts';

const seeds = 10_000;

test(`${seeds} histories of a correct store are clean`, (context) => {
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= seeds; seed++) {
    const history = modelHistory({ seed, steps: 40 });
    const findings = checkHistory(history);
    assert.deepEqual(findings.map(printFinding), [], `seed ${seed}`);
    for (const each of history) {
      const kind = each.kind === 'append' ? `append ${each.answer.outcome}` : each.kind;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
  }
  context.diagnostic(JSON.stringify(Object.fromEntries(seen)));
  for (const kind of [
    'append ok',
    'append conflict',
    'append unknown',
    'append rejected',
    'stream-read',
    'feed-read',
  ]) {
    assert.ok((seen.get(kind) ?? 0) > seeds / 10, kind);
  }
});

test('what holds of the whole store holds of each stream', () => {
  for (let seed = 1; seed <= 500; seed++) {
    assert.deepEqual(checkHistory(modelHistory({ seed, steps: 40 }), { ...embeddedClaims, order: 'stream' }), []);
  }
});

test('a history is the same out of its file', () => {
  const history = modelHistory({ seed: 1, steps: 200 });
  assert.deepEqual(decodeHistory(encodeHistory(history)), history);
});
