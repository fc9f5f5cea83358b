/** Runs a scenario with edits planted, in a thread of its own, so that nobody else loads them. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { PlantedReport, PlantedRun } from './planted-run.ts';

export async function runPlantedBug(run: PlantedRun): Promise<PlantedReport> {
  const worker = new Worker(new URL('./planted-worker.ts', import.meta.url), {
    workerData: run,
    execArgv: ['--conditions=source'],
  });
  try {
    const [report] = (await once(worker, 'message')) as [PlantedReport];
    return report;
  } finally {
    await worker.terminate();
  }
}
