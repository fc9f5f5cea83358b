/** Checkpoints as runs of slots do what a plain list of all slots does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits, type SlotRange, slotCount, slotsOf } from '@event-store/core';
import fc from 'fast-check';
import {
  advance,
  type Checkpoint,
  type CheckpointRun,
  everySlotAt,
  lowestOf,
  putAt,
  runsWithin,
} from '../src/consumers/checkpoints.ts';
import { decodeConsumer, encodeConsumer, newConsumer } from '../src/consumers/consumer-state.ts';

const partition = fc
  .integer({ min: 1, max: limits.partitionsMax })
  .chain((count) => fc.record({ count: fc.constant(count), number: fc.integer({ min: 1, max: count }) }));
const checkpoint = fc.record({ position: fc.nat({ max: 20 }), movedMs: fc.nat({ max: 3 }) }, { noNullPrototype: true });
const moves = fc.array(fc.record({ partition, to: checkpoint, isReset: fc.boolean() }), { maxLength: 12 });

test('runs of slots are the slots', () => {
  fc.assert(
    fc.property(moves, partition, (made, read) => {
      let runs = everySlotAt({ position: 0, movedMs: 0 });
      const plain: Checkpoint[] = Array.from({ length: slotCount }, () => ({ position: 0, movedMs: 0 }));
      for (const { partition: moved, to, isReset } of made) {
        const slots = slotsOf(moved);
        runs = isReset ? putAt(runs, slots, to) : advance(runs, slots, to);
        for (let slot = slots.first; slot < slots.end; slot++) {
          if (isReset || (plain[slot] as Checkpoint).position < to.position) plain[slot] = to;
        }
        expectTidy(runs);
        assert.deepEqual(spreadOut(runs, { first: 0, end: slotCount }), plain);
      }
      const slots = slotsOf(read);
      const within = runsWithin(runs, slots);
      const expected = plain.slice(slots.first, slots.end);
      assert.deepEqual(spreadOut(within, slots), expected);
      assert.equal(lowestOf(within).position, Math.min(...expected.map(({ position }) => position)));
      const state = { ...newConsumer({ start: 'end' }, { epoch: 'e', position: 0, nowMs: 1 }), checkpoints: runs };
      assert.deepEqual(decodeConsumer(encodeConsumer(state)), state);
    }),
  );
});

/** From the first slot on, in order, and no run goes on what the one before it says. */
function expectTidy(runs: readonly CheckpointRun[]): void {
  assert.equal(runs[0]?.first, 0);
  for (const [index, { first, position, movedMs }] of runs.entries()) {
    const next = runs[index + 1];
    if (next === undefined) continue;
    assert.ok(next.first > first && next.first < slotCount);
    assert.ok(next.position !== position || next.movedMs !== movedMs);
  }
}

function spreadOut(runs: readonly CheckpointRun[], { first, end }: SlotRange): Checkpoint[] {
  return Array.from({ length: end - first }, (_, index) => {
    const run = runs.findLast((each) => each.first <= first + index) as CheckpointRun;
    return { position: run.position, movedMs: run.movedMs };
  });
}
