/**
 * The power goes, or the process is killed, at every call of a life of the consumers' file: what is
 * there afterwards is what was there after some change, and not before the last one that was answered.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConsumerName } from '@event-store/core';
import { type CrashChoice, keepEverything, keepNothing, keepSome } from '../../../../simulation/file-system/crash.ts';
import type { SimulatedDirectory } from '../../../../simulation/file-system/simulated-directory.ts';
import { SimulatedFileSystem } from '../../../../simulation/file-system/simulated-file-system.ts';
import { seededRandom } from '../../../../simulation/seeded-random.ts';
import { effort } from '../support/effort.ts';
import { type Consumers, contentOf, directory, emptyNotes, live, openOn } from './consumer-life.ts';

interface Moment {
  readonly state: SimulatedDirectory;
  readonly acknowledged: number;
}

for (const sectorBytes of [64, 512]) {
  test(`a crash at every call, sectors of ${sectorBytes} bytes`, async (context) => {
    const notes = emptyNotes();
    const moments: Moment[] = [];
    const fileSystem = new SimulatedFileSystem({
      sectorBytes,
      observe: () => moments.push({ state: fileSystem.state(), acknowledged: notes.acknowledged }),
    });
    await fileSystem.makeDirectory(directory);
    await fileSystem.syncDirectory('/');
    moments.length = 0;
    await live(fileSystem, notes);
    assert.deepEqual(new Set(notes.outcomes), new Set(['written']));
    moments.push({ state: fileSystem.state(), acknowledged: notes.acknowledged });
    let tried = 0;
    for (const [index, moment] of moments.entries()) {
      for (const state of statesAfter(moment, sectorBytes, index)) {
        tried++;
        try {
          await expectRecovered({ state, acknowledged: moment.acknowledged }, notes.states, sectorBytes);
        } catch (cause) {
          throw new Error(`moment ${index} of ${moments.length}`, { cause });
        }
      }
    }
    context.diagnostic(`${tried} crash states`);
    assert.ok(tried > 300);
  });
}

function* statesAfter({ state }: Moment, sectorBytes: number, seed: number): Generator<SimulatedDirectory> {
  const after = (choose: CrashChoice) => new SimulatedFileSystem({ state, sectorBytes }).stateAfterCrash(choose);
  yield new SimulatedFileSystem({ state }).state();
  yield after(keepNothing);
  yield after(keepEverything);
  for (let way = 0; way < 6 * effort; way++) yield after(keepSome(seededRandom(seed * 31 + way)));
}

async function expectRecovered({ state, acknowledged }: Moment, states: readonly Consumers[], sectorBytes: number) {
  const fileSystem = new SimulatedFileSystem({ state, sectorBytes });
  await prepare(fileSystem);
  const opened = await openOn(fileSystem);
  const content = await contentOf(opened);
  const possible = states.slice(acknowledged).map((each) => JSON.stringify(sorted(each)));
  assert.ok(possible.includes(JSON.stringify(sorted(content))), `${JSON.stringify(content)} was never there`);
  // What was served is on the disk, and the file can be written on.
  const next = new SimulatedFileSystem({ state: fileSystem.stateAfterCrash(keepNothing), sectorBytes });
  const reopened = await openOn(next);
  assert.deepEqual([await contentOf(reopened), reopened.notices], [content, []]);
  const name = parseConsumerName('after');
  assert.equal((await opened.consumers.write({ name, expectedRevision: 0, state: '{}' })).outcome, 'written');
  const last = new SimulatedFileSystem({ state: fileSystem.stateAfterCrash(keepNothing), sectorBytes });
  assert.deepEqual(await contentOf(await openOn(last)), { ...content, after: {} });
  await opened.close();
}

/** What the engine does with the directory before anything in it is opened. */
async function prepare(fileSystem: SimulatedFileSystem): Promise<void> {
  for (const name of await fileSystem.list(directory)) {
    if (name.endsWith('.tmp')) await fileSystem.unlink(`${directory}/${name}`);
  }
  await fileSystem.syncDirectory(directory);
}

function sorted(content: Consumers): Consumers {
  return Object.fromEntries(Object.entries(content).sort(([one], [other]) => (one < other ? -1 : 1)));
}
