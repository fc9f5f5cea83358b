/**
 * Every call of a life of the consumers' file fails once, once and then for ever, with each error
 * that a disk gives: what is answered is true, and the next start has what was answered.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventStoreError } from '@event-store/core';
import { keepEverything, keepNothing, keepSome } from '../../../../simulation/file-system/crash.ts';
import { type SimulatedCall, SimulatedFileSystem } from '../../../../simulation/file-system/simulated-file-system.ts';
import { seededRandom } from '../../../../simulation/seeded-random.ts';
import { contentOf, directory, emptyNotes, type LifeNotes, live, openOn } from './consumer-life.ts';

const sectorBytes = 64;

for (const code of ['EIO', 'ENOSPC', 'EMFILE']) {
  for (const isForEver of [false, true]) {
    test(`a call fails with ${code}, ${isForEver ? 'and all after it' : 'once'}`, async (context) => {
      let lives = 0;
      while (await tryFault({ code, at: lives + 1, isForEver })) lives++;
      context.diagnostic(`${lives} lives`);
      assert.ok(lives > 25);
    });
  }
}

interface Fault {
  readonly code: string;
  readonly at: number;
  readonly isForEver: boolean;
}

/** Whether there was a call to fail. */
async function tryFault({ code, at, isForEver }: Fault): Promise<boolean> {
  let failed: SimulatedCall | undefined;
  let calls = 0;
  let isLiving = false;
  const fault = (call: SimulatedCall) => {
    if (!isLiving) return undefined;
    calls++;
    if (calls !== at && !(isForEver && calls > at)) return undefined;
    failed ??= call;
    return code;
  };
  const fileSystem = new SimulatedFileSystem({ sectorBytes, fault, seed: at });
  await fileSystem.makeDirectory(directory);
  await fileSystem.syncDirectory('/');
  const notes = emptyNotes();
  isLiving = true;
  try {
    await live(fileSystem, notes);
    isLiving = false;
    for (const failure of notes.failures) {
      assert.ok(failure instanceof EventStoreError || (failure as { code?: string }).code === code, String(failure));
    }
    const isKnown = notes.outcomes.every((outcome) =>
      ['written', 'disk-full', 'outcome-unknown', 'read-only'].includes(outcome),
    );
    assert.ok(isKnown, notes.outcomes.join());
    assert.equal(fileSystem.syncsAfterFailure, 0, 'no file is synced again after a failed sync');
    assert.equal(fileSystem.openFiles, 0, 'no file is left open');
    if (code === 'ENOSPC' && !isForEver && failed?.operation === 'write') {
      const { notices } = await openOn(new SimulatedFileSystem({ state: fileSystem.state(), sectorBytes }));
      assert.deepEqual(notices, [], 'what a full disk took half of is gone');
    }
    await expectNextLives(fileSystem, notes, at);
  } catch (cause) {
    throw new Error(`call ${at} (${failed?.operation} ${failed?.path}) fails with ${code}`, { cause });
  }
  return failed !== undefined;
}

/** Killed, or the power went, in several ways. */
async function expectNextLives(fileSystem: SimulatedFileSystem, notes: LifeNotes, seed: number): Promise<void> {
  const choices = [keepNothing, keepEverything, keepSome(seededRandom(seed))];
  for (const state of [fileSystem.state(), ...choices.map((choice) => fileSystem.stateAfterCrash(choice))]) {
    const next = new SimulatedFileSystem({ state, sectorBytes });
    const opened = await openOn(next);
    assert.ok(
      opened.notices.every((notice) => notice.startsWith('A torn tail')),
      opened.notices.join(),
    );
    const content = JSON.stringify(await contentOf(opened));
    const possible = notes.states.slice(notes.acknowledged).map((each) => JSON.stringify(each));
    assert.ok(
      possible.some((each) => isSame(each, content)),
      `${content} is none of ${possible.join(' ')}`,
    );
    const afterCut = new SimulatedFileSystem({ state: next.stateAfterCrash(keepNothing), sectorBytes });
    const reopened = await openOn(afterCut);
    assert.equal(JSON.stringify(await contentOf(reopened)), content, 'what was served is on the disk');
    assert.deepEqual(reopened.notices, [], 'a torn tail is cut once');
  }
}

function isSame(one: string, other: string): boolean {
  const entries = (text: string) =>
    Object.entries(JSON.parse(text)).map(([name, state]) => `${name}${JSON.stringify(state)}`);
  return entries(one).sort().join() === entries(other).sort().join();
}
