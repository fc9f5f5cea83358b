import type { SeededRandom } from '../seeded-random.ts';
import type { TreePlan } from './crash-tree.ts';
import { FaultPlan } from './fault-plan.ts';

/** A life of moderate length that ends in many ways, with recoveries that end early, three deep; some syncs fail. */
export const manyCrashes: TreePlan = {
  steps: (random) => 6 + random.below(10),
  branches: [
    { moments: 12, ways: 3 },
    { moments: 1, ways: 1 },
    { moments: 1, ways: 1 },
  ],
  killShare: 0.2,
  fault: (random, depth) => {
    if (!random.isTrue(depth === 0 ? 0.3 : 0.05)) return undefined;
    const operations = [random.isTrue(0.7) ? 'sync' : 'write'] as const;
    return new FaultPlan({ code: 'EIO', at: 4 + random.below(12), calls: 1, operations });
  },
};

/** A life in which a sync fails, and what processes find that are killed, or lose power, one after the other. */
export const failedSyncs: TreePlan = {
  steps: (random) => 3 + random.below(5),
  branches: [
    { moments: 4, ways: 3 },
    { moments: 2, ways: 2 },
  ],
  killShare: 0.5,
  fault: (random, depth) =>
    depth > 0 ? undefined : new FaultPlan({ code: 'EIO', at: 4 + random.below(12), calls: 1, operations: ['sync'] }),
};

const codes = ['EIO', 'EIO', 'ENOSPC', 'ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE'];

/** A life in which any call fails, once, a few times or for ever, and what the next process finds then. */
export const failingCall: TreePlan = {
  steps: (random) => 5 + random.below(5),
  branches: [{ moments: 2, ways: 2 }],
  killShare: 0.3,
  fault: (random: SeededRandom, depth) => {
    if (depth > 0) return undefined;
    const code = codes[random.below(codes.length)] as string;
    const calls = [1, 1, 1 + random.below(5), Number.POSITIVE_INFINITY][random.below(4)] as number;
    return new FaultPlan({ code, at: 1 + random.below(90), calls });
  },
};
