/**
 * Every call of a life fails once, once and then for ever, with each error that a disk gives:
 * clients are told the truth, readers go on, and the next start serves exactly what was
 * acknowledged.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventStoreError, StartError } from '@event-store/core';
import { expectKept, type LifeNotes, liveEventfully } from '../../../../simulation/engine-log/eventful-life.ts';
import { checkedHistory } from '../../../../simulation/engine-log/history.ts';
import { machineOn, SimulatedMachine } from '../../../../simulation/engine-log/simulated-machine.ts';
import { keepEverything, keepNothing, keepSome } from '../../../../simulation/file-system/crash.ts';
import type { SimulatedCall } from '../../../../simulation/file-system/simulated-file-system.ts';
import { seededRandom } from '../../../../simulation/seeded-random.ts';

const segmentBytes = 900;
const options = { segmentBytes, sectorBytes: 64 };

interface Fault {
  readonly code: string;
  readonly at: number;
  readonly isForEver: boolean;
}

const codes = [
  { code: 'EIO', step: 1 },
  { code: 'ENOSPC', step: 1 },
  { code: 'EDQUOT', step: 3 },
  { code: 'EROFS', step: 3 },
  { code: 'EMFILE', step: 3 },
];

describe('a call fails', () => {
  for (const { code, step } of codes) {
    for (const isForEver of [false, true]) {
      it(`with ${code}, ${isForEver ? 'and all after it' : 'once'}`, async (context) => {
        let lives = 0;
        while (await tryFault({ code, at: lives * step + 1, isForEver })) lives++;
        context.diagnostic(`${lives} lives`);
        assert.ok(lives * step > 90);
      });
    }
  }
});

/** One life with a fault, and the lives that may follow; returns whether there was a call to fail. */
async function tryFault({ code, at, isForEver }: Fault): Promise<boolean> {
  let failed: SimulatedCall | undefined;
  const fault = (call: SimulatedCall) => {
    if (call.number !== at && !(isForEver && call.number > at)) return undefined;
    failed ??= call;
    return code;
  };
  const machine = new SimulatedMachine({ ...options, fault, seed: at });
  let isChecked = false;
  try {
    const notes = await liveEventfully(machine, async (soFar) => {
      if (failed === undefined || isChecked) return;
      isChecked = true;
      await expectNextLives(machine, soFar, at);
    });
    await expectNextLives(machine, notes, at);
    for (const failure of notes.failures) expectHonest(failure, code);
    assert.equal(machine.fileSystem.openFiles, 0, 'no file is left open');
    assert.equal(machine.fileSystem.syncsAfterFailure, 0, 'no file is synced again after a failed sync');
    assert.equal(machine.isLocked, false, 'the directory is free');
  } catch (cause) {
    throw new Error(`call ${at} (${failed?.operation} ${failed?.path}) fails with ${code}`, { cause });
  }
  return failed !== undefined;
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
