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
  const clean = await runPlantedBug({ edits: [], scenario, firstSeed, seeds: caught.seed - firstSeed + 1 });
  if (clean.caught !== undefined) throw new Error(`${name}: found without it too: ${clean.caught.message}`);
  return caught;
}
