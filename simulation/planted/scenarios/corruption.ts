/** Damaged logs, opened and read. */

import { systemClock } from '@event-store/core';
import { corruption } from '../../programme/t03-corruption.ts';

export async function run(seed: number): Promise<void> {
  await corruption.run({
    seed,
    clock: systemClock,
    wanted: 1,
    msLeft: () => Number.POSITIVE_INFINITY,
    defer: () => undefined,
    say: () => undefined,
  });
}
