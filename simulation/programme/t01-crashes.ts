/**
 * T1: a simulated disk crashes at every call of small lives and at random calls of random ones, in recoveries too.
 * Shows P-01.
 */
import { crashEverywhere } from '../engine-log/crash-states.ts';
import { growCrashTree } from '../engine-log/crash-tree.ts';
import { type Scenario, scenarios } from '../engine-log/scenarios.ts';
import { manyCrashes } from '../engine-log/tree-plans.ts';
import type { Part } from './part.ts';

/** One trial in so many takes a small life apart at every call. */
const exhaustiveEvery = 40;

export const crashes: Part = {
  id: 'T1',
  name: 'crashes',
  title: 'states of a simulated disk after a crash, in recoveries too, 3 deep; syncs that failed before',
  unit: 'crash states',
  counts: { short: 20_000, full: 1_000_000, goal: 20_000_000 },
  needs: [],
  async run({ seed }) {
    if (seed % exhaustiveEvery === 0) {
      const scenario = scenarios[(seed / exhaustiveEvery) % scenarios.length] as Scenario;
      return { done: await takeApart(scenario, seed) };
    }
    const { states, calls, faults } = await growCrashTree(seed, manyCrashes);
    return { done: states, figures: { 'disk calls': calls, 'failed syncs and writes': faults.hit } };
  },
};

function takeApart({ live, segmentBytes }: Scenario, seed: number): Promise<number> {
  const options = { segmentBytes, sectorBytes: seed % 3 === 0 ? 64 : 512 };
  return crashEverywhere({ options, waysPerMoment: 8, depth: 0, stride: 1 }, { live, seed });
}
