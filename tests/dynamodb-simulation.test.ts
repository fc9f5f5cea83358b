/**
 * The DynamoDB engine in random schedules, and the schedules against the engine's own rules left out.
 * Shows P-20.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dynamodbBugs } from '../simulation/dynamodb/planted-bugs.ts';
import { runSchedule } from '../simulation/dynamodb/run-schedule.ts';
import { expectCaught } from '../simulation/planted/expect-caught.ts';

const firstSeed = 1;

describe('simulated schedules', () => {
  it('violate nothing, and are hard enough to mean something', async () => {
    const total = { appends: 0, acknowledged: 0, conflicts: 0, unknown: 0 };
    for (let seed = firstSeed; seed < firstSeed + 120; seed++) {
      const { appends, acknowledged, conflicts, unknown } = await runSchedule(seed);
      total.appends += appends;
      total.acknowledged += acknowledged;
      total.conflicts += conflicts;
      total.unknown += unknown;
    }
    assert.ok(total.acknowledged > 0.3 * total.appends, JSON.stringify(total));
    assert.ok(total.conflicts > 0.2 * total.appends, JSON.stringify(total));
    assert.ok(total.unknown > 0.05 * total.appends, JSON.stringify(total));
  });

  it('are the same for the same seed', async () => {
    assert.deepEqual(await runSchedule(7), await runSchedule(7));
  });
});

describe('a rule that is left out is noticed:', () => {
  for (const bug of dynamodbBugs) it(bug.name, async () => void (await expectCaught(bug, firstSeed)));
});
