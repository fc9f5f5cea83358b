/** T2: each call to a simulated disk fails in a known life, and any call in random ones. Shows P-07. */
import { growCrashTree } from '../engine-log/crash-tree.ts';
import { failures, tryFailingCall } from '../engine-log/failing-calls.ts';
import { failingCall } from '../engine-log/tree-plans.ts';
import type { Part } from './part.ts';

/** A prime, more than the known life has. */
const callsMax = 127;
/** So that a few trials are spread over the whole life, and enough reach every call. */
const stride = 37;

export const failingCalls: Part = {
  id: 'T2',
  name: 'failing-calls',
  title: 'the N-th call to a simulated disk fails: once, a few times, for ever, with each error',
  unit: 'failed calls',
  counts: { short: 5_000, full: 120_000, goal: 2_000_000 },
  needs: [],
  async run({ seed }) {
    const failure = failures[seed % failures.length] as (typeof failures)[number];
    const round = Math.ceil(seed / failures.length);
    const at = 1 + ((round * stride) % callsMax);
    if (round <= callsMax && (await tryFailingCall({ ...failure, at }))) return { done: 1 };
    const { states, faults } = await growCrashTree(seed, failingCall);
    return { done: faults.hit, faults, figures: { 'next lives': states } };
  },
};
