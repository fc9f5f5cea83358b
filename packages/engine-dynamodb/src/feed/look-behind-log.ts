/**
 * What is committed and may not be in the log yet: the lanes registered of late and the records
 * behind the newest page that is known, read at the same time as the page that is really the
 * newest. Records never change, so it does no harm that some of them are in that page.
 */
import type { LaneRecord } from '../items/lane-record.ts';
import { laneRegistryPartition } from '../items/lane-registry.ts';
import type { LogPage } from '../items/log-page.ts';
import { readAll } from '../read-items.ts';
import { integer, sortKey } from '../table.ts';
import type { World } from '../world.ts';
import type { LaneRecords } from './lane-records.ts';
import type { Log } from './log.ts';

/** A page that was the newest so lately is not far behind. */
const recentMs = 1_000;

/** Holds everything that was committed before it was asked for, but for what a page has meanwhile. */
export interface Look {
  /** The last lane of the registry, and the mark that a page behind the log may have. */
  readonly lastLane: number;
  /** What each lane has behind a page that is known, without a hole. */
  readonly records: ReadonlyMap<number, readonly LaneRecord[]>;
}

export interface LookSource {
  readonly world: World;
  readonly log: Log;
  readonly records: LaneRecords;
}

export async function lookBehindLog({ world, log, records }: LookSource): Promise<Look> {
  if (!log.isRecent(recentMs)) await log.readNewest();
  const known = log.newest;
  const found = new Map<number, readonly LaneRecord[]>();
  const cut = new Set<number>();
  const read = async (lane: number, through: number) => {
    const { behind, isCut } = await records.behind(lane, through);
    found.set(lane, behind);
    if (isCut) cut.add(lane);
  };
  const [registered] = await Promise.all([
    readRegistry(world, known.mark),
    log.readNewest(),
    ...[...known.lanes].map(([lane, through]) => read(lane, through)),
  ]);
  const newest = log.newest;
  const again = [...cut].filter((lane) => newest.lanes.get(lane) !== known.lanes.get(lane));
  await Promise.all([...registered, ...again].map((lane) => readOpen(newest, lane, read)));
  return { lastLane: registered.at(-1) ?? known.mark, records: new Map([...found].sort(([a], [b]) => a - b)) };
}

/** The lanes behind the mark, as far as they are without a hole. */
async function readRegistry(world: World, mark: number): Promise<readonly number[]> {
  const items = await readAll(world, {
    partition: laneRegistryPartition,
    from: mark + 1,
    direction: 'forward',
    consistency: 'strong',
  });
  return items.map((item) => integer(item, sortKey)).filter((lane, index) => lane === mark + 1 + index);
}

/** Reads on behind the newest page, unless the lane is wholly in the log. */
async function readOpen(
  { lanes, mark }: LogPage,
  lane: number,
  read: (lane: number, through: number) => Promise<void>,
): Promise<void> {
  const through = lanes.get(lane) ?? (lane > mark ? 0 : undefined);
  if (through !== undefined) await read(lane, through);
}
