/** Random lives of a store in which calls to the disk fail. */
import { growCrashTree } from '../../engine-log/crash-tree.ts';
import { failingCall } from '../../engine-log/tree-plans.ts';

export async function run(seed: number): Promise<void> {
  await growCrashTree(seed, failingCall);
}
