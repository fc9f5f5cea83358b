/**
 * What is kept for one consumer, and the rules by which it changes. The engine keeps it as text:
 *
 *     {"epoch":"…","start":"beginning","types":["OrderPaid"],"streamPrefix":"order-",
 *      "createdMs":1795434000123,"checkpoints":[[0,1042,1795434000123],[512,1040,1795434000007]]}
 */
import {
  type CheckpointMove,
  type ConsumerDefinition,
  EventStoreError,
  type FeedFilter,
  type Partition,
  slotsOf,
  wholePartition,
} from '@event-store/core';
import { advance, type CheckpointRun, everySlotAt, lowestOf, putAt, runsWithin } from './checkpoints.ts';

export interface ConsumerState {
  readonly definition: ConsumerDefinition;
  /** Another one after each reset, so that readers who do not know of it cannot undo it. */
  readonly epoch: string;
  readonly createdMs: number;
  readonly checkpoints: readonly CheckpointRun[];
}

export function newConsumer(
  definition: ConsumerDefinition,
  { epoch, position, nowMs }: { epoch: string; position: number; nowMs: number },
): ConsumerState {
  const checkpoints = everySlotAt({ position, movedMs: nowMs });
  return { definition, epoch, createdMs: nowMs, checkpoints };
}

/** Whether two definitions ask for the same; where a consumer started is part of it. */
export function isSameDefinition(one: ConsumerDefinition, other: ConsumerDefinition): boolean {
  return JSON.stringify(keyOf(one)) === JSON.stringify(keyOf(other));
}

function keyOf({ start, types, streamPrefix }: ConsumerDefinition): readonly unknown[] {
  return [start, types, streamPrefix];
}

/** Where the reader of a partition starts. */
export function positionOf({ checkpoints }: ConsumerState, partition: Partition = wholePartition): number {
  return lowestOf(runsWithin(checkpoints, slotsOf(partition))).position;
}

/** What the reader of a partition is to get. */
export function filterOf({ definition }: ConsumerState, partition: Partition | undefined): FeedFilter | undefined {
  const { types, streamPrefix } = definition;
  if (types === undefined && streamPrefix === undefined && partition === undefined) return undefined;
  return {
    ...(types !== undefined && { types: new Set(types) }),
    ...(streamPrefix !== undefined && { streamPrefix }),
    ...(partition !== undefined && { slots: slotsOf(partition) }),
  };
}

/**
 * Moves the checkpoint of a partition: forward, or with a reset to anywhere.
 *
 * @throws EventStoreError `checkpoint-conflict`.
 */
export function moveCheckpoint(
  state: ConsumerState,
  { position, epoch, reset }: CheckpointMove,
  { partition, nowMs, newEpoch }: { partition: Partition; nowMs: number; newEpoch: string },
): ConsumerState {
  const current = positionOf(state, partition);
  const details = { position: current, epoch: state.epoch };
  if (epoch !== undefined && epoch !== state.epoch) {
    const text = 'The checkpoint was reset, or the consumer made anew, since this epoch. Read on from where it is now.';
    throw new EventStoreError('checkpoint-conflict', text, { details });
  }
  const [slots, to] = [slotsOf(partition), { position, movedMs: nowMs }];
  if (reset) return { ...state, epoch: newEpoch, checkpoints: putAt(state.checkpoints, slots, to) };
  if (position < current) {
    const text = `The checkpoint is at position ${current} and goes back only with "reset".`;
    throw new EventStoreError('checkpoint-conflict', text, { details });
  }
  return position === current ? state : { ...state, checkpoints: advance(state.checkpoints, slots, to) };
}

export function encodeConsumer({ definition, epoch, createdMs, checkpoints }: ConsumerState): string {
  const runs = checkpoints.map(({ first, position, movedMs }) => [first, position, movedMs]);
  return JSON.stringify({ epoch, ...definition, createdMs, checkpoints: runs });
}

export function decodeConsumer(text: string): ConsumerState {
  const { epoch, createdMs, checkpoints, ...definition } = JSON.parse(text) as ConsumerDefinition & {
    readonly epoch: string;
    readonly createdMs: number;
    readonly checkpoints: readonly (readonly [first: number, position: number, movedMs: number])[];
  };
  const runs = checkpoints.map(([first, position, movedMs]) => ({ first, position, movedMs }));
  return { definition, epoch, createdMs, checkpoints: runs };
}
