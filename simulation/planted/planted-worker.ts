/**
 * Runs seeds of a scenario on sources that were changed while they were loaded; tells the first that is caught
 * under the name that is expected; other findings do not count.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Violation } from '../violation.ts';
import { plantEdits } from './plant-edits.ts';
import type { Caught, PlantedRun } from './planted-run.ts';
import { scenarios } from './scenario.ts';

const { edits, scenario, rule, firstSeed, seeds } = workerData as PlantedRun;
const load = scenarios[scenario];
if (load === undefined) throw new Error(`There is no scenario ${scenario}`);
const expectPlanted = plantEdits(edits);
const { run } = await load();
expectPlanted();
let others = 0;
let caught: Caught | undefined;
for (let seed = firstSeed; seed < firstSeed + seeds && caught === undefined; seed++) {
  try {
    await run(seed);
  } catch (error) {
    const isNamed = error instanceof Violation && (rule === undefined || error.rule === rule);
    if (isNamed || rule === undefined) caught = { seed, message: describe(error) };
    else others++;
  }
}
parentPort?.postMessage({ caught, others });

function describe(error: unknown): string {
  return error instanceof Violation ? error.message : String((error as Error)?.stack ?? error);
}
