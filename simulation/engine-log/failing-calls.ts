/**
 * One call of a life fails, once or for ever: clients are told the truth, readers go on, and the
 * next start serves exactly what was acknowledged.
 */
import assert from 'node:assert/strict';
import { EventStoreError, StartError } from '@event-store/core';
import { keepEverything, keepNothing, keepSome } from '../file-system/crash.ts';
import { seededRandom } from '../seeded-random.ts';
import { expectKept, type LifeNotes, liveEventfully } from './eventful-life.ts';
import { FaultPlan } from './fault-plan.ts';
import { checkedHistory } from './history.ts';
import { machineOn, SimulatedMachine } from './simulated-machine.ts';

const options = { segmentBytes: 900, sectorBytes: 64 };

export interface FailingCall {
  readonly code: string;
  /** Which call, from 1. */
  readonly at: number;
  readonly isForEver: boolean;
}

/** Every error that a disk gives, once and for ever. */
export const failures: readonly Omit<FailingCall, 'at'>[] = ['EIO', 'ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE'].flatMap(
  (code) => [
    { code, isForEver: false },
    { code, isForEver: true },
  ],
);

/** The same life each time, with one fault, and the lives that may follow; returns whether there was a call to fail. */
export async function tryFailingCall({ code, at, isForEver }: FailingCall): Promise<boolean> {
  const plan = new FaultPlan({ code, at, calls: isForEver ? Number.POSITIVE_INFINITY : 1 });
  const machine = new SimulatedMachine({ ...options, fault: plan.of, seed: at });
  let isChecked = false;
  try {
    const notes = await liveEventfully(machine, async (soFar) => {
      if (!plan.hasHit || isChecked) return;
      isChecked = true;
      await expectNextLives(machine, soFar, at);
    });
    await expectNextLives(machine, notes, at);
    for (const failure of notes.failures) expectHonest(failure, code);
    assert.equal(machine.fileSystem.openFiles, 0, 'no file is left open');
    assert.equal(machine.fileSystem.syncsAfterFailure, 0, 'no file is synced again after a failed sync');
    assert.equal(machine.isLocked, false, 'the directory is free');
  } catch (cause) {
    throw new Error(plan.describe(), { cause });
  }
  return plan.hasHit;
}

/** Killed, or the power went, in several ways. */
async function expectNextLives(machine: SimulatedMachine, notes: LifeNotes, seed: number): Promise<void> {
  const { fileSystem } = machine;
  const choices = [keepNothing, keepEverything, keepSome(seededRandom(seed))];
  for (const state of [fileSystem.state(), ...choices.map((choice) => fileSystem.stateAfterCrash(choice))]) {
    const engine = await machineOn(state, options).open();
    assert.deepEqual(engine.health(), { state: 'ready' });
    expectKept(await checkedHistory(engine), notes);
  }
}

/** The error that the disk gave, or one that says what it means; never a mishap of our own. */
function expectHonest(error: unknown, code: string): void {
  const isKnown = error instanceof EventStoreError || error instanceof StartError;
  assert.ok(isKnown || (error as { code?: string }).code === code, String((error as Error).stack));
}
