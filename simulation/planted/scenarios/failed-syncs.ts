/** Random lives of a store in which a sync fails, and the crashes after it. */
import { growCrashTree } from '../../engine-log/crash-tree.ts';
import { failedSyncs } from '../../engine-log/tree-plans.ts';

export async function run(seed: number): Promise<void> {
  await growCrashTree(seed, failedSyncs);
}
