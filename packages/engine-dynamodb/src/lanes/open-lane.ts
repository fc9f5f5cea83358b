import { definitePut } from '../definite-put.ts';
import { encodeLaneRegistration, laneRegistryPartition } from '../items/lane-registry.ts';
import { readLast } from '../read-items.ts';
import { integer, sortKey } from '../table.ts';
import type { World } from '../world.ts';

/** Takes the next free number of the registry: nobody else ever writes to that lane but to seal it. */
export async function openLane(world: World): Promise<number> {
  const last = await readLast(world, laneRegistryPartition);
  for (let lane = last === undefined ? 1 : integer(last, sortKey) + 1; ; lane++) {
    const other = await definitePut(world, encodeLaneRegistration(lane, world.random.nonce()));
    if (other === undefined) return lane;
  }
}
