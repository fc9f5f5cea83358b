/** One seed is one run: what a simulation did and served is the same the next time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growCrashTree } from '../../simulation/engine-log/crash-tree.ts';
import { failingCall, manyCrashes } from '../../simulation/engine-log/tree-plans.ts';

test('the same seed gives the same run, another one another', async () => {
  for (const plan of [manyCrashes, failingCall]) {
    const first = await growCrashTree(3, plan);
    assert.deepEqual(await growCrashTree(3, plan), first);
    assert.notDeepEqual(await growCrashTree(4, plan), first);
  }
});
