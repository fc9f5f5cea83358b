/** Connections never take the descriptors that the engine needs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionsMax, descriptorsMax } from '../src/connections-max.ts';

test('what the process may have bounds the connections, and some are always served', () => {
  const bounds = [64, 256, 1_024, 20_000, Number.POSITIVE_INFINITY].map(connectionsMax);
  assert.deepEqual(bounds, [8, 64, 832, 10_000, 10_000]);
});

test('the bound is what the system says, none where it says nothing', () => {
  const reportOf = (report: object) => ({ getReport: () => report });
  assert.equal(descriptorsMax(reportOf({ userLimits: { open_files: { soft: 64, hard: 128 } } })), 64);
  assert.equal(
    descriptorsMax(reportOf({ userLimits: { open_files: { soft: 'unlimited' } } })),
    Number.POSITIVE_INFINITY,
  );
  assert.equal(descriptorsMax(reportOf({})), Number.POSITIVE_INFINITY);
  assert.equal(descriptorsMax(undefined), Number.POSITIVE_INFINITY);
  if (process.platform === 'linux') assert.ok(descriptorsMax(process.report) > 0);
});
