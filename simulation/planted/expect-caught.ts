import type { PlantedBug } from './planted-bug.ts';
import { runPlantedBug } from './run-planted-bug.ts';

const seedsDefault = 300;

/**
 * A bug counts only if it is found under its own name, and if the same runs find nothing without it.
 *
 * @returns the seed that caught it, and what it said.
 */
export async function expectCaught(bug: PlantedBug, firstSeed: number): Promise<{ seed: number; message: string }> {
  const { name, edits, scenario, caughtBy: rule, seeds = seedsDefault } = bug;
  const { caught, others } = await runPlantedBug({ edits, scenario, rule, firstSeed, seeds });
  if (caught === undefined) throw new Error(`${name}: not caught by ${rule} in ${seeds} seeds (${others} others)`);
  await expectClean(scenario, firstSeed, caught.seed);
  return caught;
}

/** By scenario and first seed: the last seed that was run without a bug. */
const clean = new Map<string, number>();

async function expectClean(scenario: string, firstSeed: number, lastSeed: number): Promise<void> {
  const key = `${scenario} ${firstSeed}`;
  const known = clean.get(key) ?? firstSeed - 1;
  if (known >= lastSeed) return;
  const { caught } = await runPlantedBug({ edits: [], scenario, firstSeed: known + 1, seeds: lastSeed - known });
  if (caught !== undefined) throw new Error(`${scenario}: found without any bug: ${caught.message}`);
  clean.set(key, lastSeed);
}
