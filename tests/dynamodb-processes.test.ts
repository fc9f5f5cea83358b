/** T10, short: three server processes over one table die, hang and wake at any moment under load. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '@event-store/core';
import { fewFaults } from '../packages/engine-dynamodb/test/fault-proxy.ts';
import { runProcesses } from '../simulation/dynamodb/processes/run-processes.ts';

test('nothing is lost, doubled, reordered or halved whatever happens to instances and connections', async (context) => {
  const report = await runProcesses({
    seed: Number(process.env.EVENT_STORE_TEST_SEED ?? 1),
    operations: Number(process.env.EVENT_STORE_TEST_OPERATIONS ?? 3_000),
    mishaps: Number(process.env.EVENT_STORE_TEST_MISHAPS ?? 8),
    rates: fewFaults,
    clock: systemClock,
    defer: (cleanUp) => context.after(cleanUp),
    say: (text) => context.diagnostic(text),
  });
  context.diagnostic(JSON.stringify(report));
  assert.ok(report.conflicts > 0);
});
