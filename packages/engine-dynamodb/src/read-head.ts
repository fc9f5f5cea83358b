/** The one way to learn what the next version of a stream is, other than having written the last one. */
import type { Head } from './heads.ts';
import { laneOf, provenVersion } from './items/event-item.ts';
import { readLast } from './read-items.ts';
import type { World } from './world.ts';

const noEvents: Head = { version: 0, lane: undefined, time: '', ours: false };

/**
 * The newest event of a stream at some instant of the call. A batch that is only partly visible
 * is committed, so its end is the head; its events share their record and their time.
 */
export async function readHead(world: World, streamId: string): Promise<Head> {
  const item = await readLast(world, streamId);
  if (item === undefined) return noEvents;
  const time = typeof item.time === 'string' ? item.time : '';
  return { version: provenVersion(item), lane: laneOf(item), time, ours: false };
}
