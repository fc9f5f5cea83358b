import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { PlantedBugRun } from './planted-bug-worker.ts';

/** The seed whose schedule notices the bug, and how; nothing when none does. */
export async function runPlantedBug(
  run: PlantedBugRun,
): Promise<{ readonly seed: number; readonly message: string } | undefined> {
  const worker = new Worker(new URL('./planted-bug-worker.ts', import.meta.url), {
    workerData: run,
    execArgv: ['--conditions=source'],
  });
  const [caught] = await once(worker, 'message');
  await worker.terminate();
  return caught;
}
