/** Random lives of a store that end anywhere. */
import { growCrashTree } from '../../engine-log/crash-tree.ts';
import { manyCrashes } from '../../engine-log/tree-plans.ts';

export async function run(seed: number): Promise<void> {
  await growCrashTree(seed, manyCrashes);
}
