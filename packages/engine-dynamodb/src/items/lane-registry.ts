/**
 * Each lane that was ever opened, by number: 1, 2, 3, … The number is the lane's name.
 *
 *     Entity ID  Version  nonce
 *     -/lanes    7        …
 */
import { type Item, partitionKey, sortKey } from '../table.ts';

export const laneRegistryPartition = '-/lanes';

export function encodeLaneRegistration(lane: number, nonce: string): Item {
  return { [partitionKey]: laneRegistryPartition, [sortKey]: lane, nonce };
}
