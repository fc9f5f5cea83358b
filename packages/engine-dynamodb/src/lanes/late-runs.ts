/**
 * Brings events into the feed that were written without a lane: runs of them, each named by one
 * lane record and one item of its own, so that the next event of the stream finds its predecessor.
 */
import { laneOf } from '../items/event-item.ts';
import type { LanePlace } from '../items/lane-place.ts';
import type { LaneEntry } from '../items/lane-record.ts';
import { decodeLateRun, type LateRun, lateRunPartition } from '../items/late-run.ts';
import { readLast } from '../read-items.ts';
import { streamItems } from '../read-stream.ts';
import { integer, sortKey } from '../table.ts';
import type { World } from '../world.ts';

/** Events of one run: a page of the log holds a whole record, and at most 1,000 events. */
const runEventsMax = 900;

/** Writes a run through a lane; whether by this or by somebody else, it is named when this returns. */
export type WriteRun = (entry: LaneEntry) => Promise<void>;

/** @returns the record that brought the event at this version into the feed; it is there when this returns. */
export async function coverWithRuns(
  world: World,
  { streamId, version, write }: { streamId: string; version: number; write: WriteRun },
): Promise<LanePlace> {
  for (;;) {
    const run = await newestRun(world, streamId);
    const covered = run === undefined ? 0 : run.firstVersion + run.count - 1;
    if (run !== undefined && covered >= version) return run.lane;
    const next = await nextRun(world, { streamId, through: version, covered, coveredBy: run?.lane });
    if ('record' in next) return next;
    await write(next);
  }
}

async function newestRun(world: World, streamId: string): Promise<LateRun | undefined> {
  const item = await readLast(world, lateRunPartition(streamId));
  return item && decodeLateRun(item);
}

interface Uncovered {
  readonly streamId: string;
  /** A version that is known to be committed. */
  readonly through: number;
  /** Up to here the events have a run. */
  readonly covered: number;
  readonly coveredBy: LanePlace | undefined;
}

/**
 * The oldest run that is missing, or the record of the event at `through` if that has one. It
 * starts behind the last event that has a lane or a run, and has no hole.
 */
async function nextRun(world: World, uncovered: Uncovered): Promise<LaneEntry | LanePlace> {
  const { streamId, through, covered, coveredBy } = uncovered;
  let firstVersion = through + 1;
  let previous = coveredBy;
  for await (const items of streamItems(world, {
    streamId,
    from: through,
    committedVersion: through,
    direction: 'backward',
  })) {
    const withLane = items.find((item) => laneOf(item) !== undefined);
    const lowest = withLane === undefined ? integer(items.at(-1) ?? {}, sortKey) - 1 : integer(withLane, sortKey);
    if (withLane !== undefined && lowest > covered) previous = laneOf(withLane);
    firstVersion = Math.max(lowest, covered) + 1;
    if (withLane !== undefined || lowest <= covered) break;
  }
  if (firstVersion > through && previous !== undefined) return previous;
  return { streamId, firstVersion, count: Math.min(runEventsMax, through - firstVersion + 1), previous };
}
