/** Runs a scenario with edits planted, in a thread of its own, so that nobody else loads them. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Rule } from '../violation.ts';
import type { Edit } from './planted-bug.ts';

export interface PlantedRun {
  /** None: the scenario as it is, which must be clean. */
  readonly edits: readonly Edit[];
  readonly scenario: string;
  /** The rule that must be found broken; if not given, anything that is found is told. */
  readonly rule?: Rule;
  readonly firstSeed: number;
  readonly seeds: number;
}

export interface Caught {
  readonly seed: number;
  readonly message: string;
}

export interface PlantedReport {
  /** The first seed that finds it; `undefined` when none does. */
  readonly caught: Caught | undefined;
  /** Seeds before it that found something under another name. */
  readonly others: number;
}

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
