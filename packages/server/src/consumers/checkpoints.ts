/**
 * How far the readers of a consumer have come, for each of the 1,024 slots that streams fall into
 * (core's partition.ts), kept as runs of slots that are at the same place. Since a partition is a
 * run of slots, readers may share a consumer by any number of partitions, and by another one later:
 * what somebody has acknowledged stays so, and nothing else is taken to be.
 *
 *     partition 1/2 at 40, 2/2 at 25            [0, 512): 40   [512, 1024): 25
 *     then 3/4 moves to 30                      [0, 512): 40   [512, 768): 30   [768, 1024): 25
 */
import { type SlotRange, slotCount } from '@event-store/core';

/** Where readers of one slot are. */
export interface Checkpoint {
  readonly position: number;
  /** When it came there. */
  readonly movedMs: number;
}

/** Slots from `first` up to the next run. */
export interface CheckpointRun extends Checkpoint {
  readonly first: number;
}

/** Every slot at the same place. */
export function everySlotAt(checkpoint: Checkpoint): readonly CheckpointRun[] {
  return [{ first: 0, ...checkpoint }];
}

/** The runs within some slots, the first one beginning with them. */
export function runsWithin(runs: readonly CheckpointRun[], { first, end }: SlotRange): readonly CheckpointRun[] {
  return runs
    .filter((run, index) => run.first < end && endOfRun(runs, index) > first)
    .map((run) => ({ ...run, first: Math.max(run.first, first) }));
}

/** The slot behind a run. */
export function endOfRun(runs: readonly CheckpointRun[], index: number, end: number = slotCount): number {
  return runs[index + 1]?.first ?? end;
}

/** Where a reader of some slots starts: what any of them has not passed is still to come. */
export function lowestOf(runs: readonly CheckpointRun[]): Checkpoint {
  return runs.reduce((lowest, run) => (run.position < lowest.position ? run : lowest));
}

/** Moves slots forward to a place; those that are there or beyond stay. */
export function advance(runs: readonly CheckpointRun[], slots: SlotRange, to: Checkpoint): readonly CheckpointRun[] {
  return replaceWithin(runs, slots, (run) => (run.position < to.position ? { ...run, ...to } : run));
}

/** Puts slots to a place, wherever they are. */
export function putAt(runs: readonly CheckpointRun[], slots: SlotRange, to: Checkpoint): readonly CheckpointRun[] {
  return replaceWithin(runs, slots, (run) => ({ ...run, ...to }));
}

function replaceWithin(
  runs: readonly CheckpointRun[],
  slots: SlotRange,
  replace: (run: CheckpointRun) => CheckpointRun,
): readonly CheckpointRun[] {
  return joined([
    ...runsWithin(runs, { first: 0, end: slots.first }),
    ...runsWithin(runs, slots).map(replace),
    ...runsWithin(runs, { first: slots.end, end: slotCount }),
  ]);
}

function joined(runs: readonly CheckpointRun[]): readonly CheckpointRun[] {
  return runs.filter((run, index) => {
    const before = runs[index - 1];
    return before === undefined || before.position !== run.position || before.movedMs !== run.movedMs;
  });
}
