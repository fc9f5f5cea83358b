/**
 * Lives of a store that end at every call: records the disk before each call that changes it,
 * lets the power go there in several ways, recovers, and does the same with the recovery.
 */
import assert from 'node:assert/strict';
import type { StorageEngine } from '@event-store/core';
import { type CrashChoice, keepEverything, keepNothing, keepSome } from '../file-system/crash.ts';
import type { SimulatedDirectory } from '../file-system/simulated-directory.ts';
import type { Operation, SimulatedCall } from '../file-system/simulated-file-system.ts';
import { seededRandom } from '../seeded-random.ts';
import { checkedHistory, feedLines } from './history.ts';
import { sampleAppend } from './sample-appends.ts';
import { machineOn, SimulatedMachine, type SimulatedMachineOptions } from './simulated-machine.ts';

/** What was true when a life ended. */
interface LastMoment {
  /** The disk with both its worlds. */
  readonly state: SimulatedDirectory;
  /** The position of the last event that somebody was told of, or saw. */
  readonly acknowledged: number;
}

/** A life that is under way. */
export interface RecordedLife {
  readonly machine: SimulatedMachine;
  acknowledged: number;
}

const changes: ReadonlySet<Operation> = new Set([
  'create',
  'write',
  'sync',
  'truncate',
  'sync-directory',
  'make-directory',
  'rename',
  'unlink',
]);

/** Lets a process live, and returns every moment at which it could have ended. */
async function momentsOf(
  options: SimulatedMachineOptions,
  live: (life: RecordedLife) => Promise<void>,
): Promise<LastMoment[]> {
  const moments: LastMoment[] = [];
  const keep = () => moments.push({ state: life.machine.fileSystem.state(), acknowledged: life.acknowledged });
  const observe = ({ operation }: SimulatedCall) => {
    if (changes.has(operation)) keep();
  };
  const life: RecordedLife = { machine: new SimulatedMachine({ ...options, observe }), acknowledged: 0 };
  await live(life);
  keep();
  return moments;
}

interface CrashTrial {
  readonly options: SimulatedMachineOptions;
  /** The feed of the life without a crash: what survives is its beginning. */
  readonly lines: readonly string[];
  /** Different ways to lose a part at each moment. */
  readonly waysPerMoment: number;
  /** How many recoveries in a row are themselves broken off everywhere. */
  readonly depth: number;
  /** Where a recovery that takes part in the count may be broken off: every so many moments. */
  readonly stride: number;
}

/** Lives without a crash to know what is right, then crashes at every moment of the same life. */
export async function crashEverywhere(
  trial: Omit<CrashTrial, 'lines'>,
  { live, seed }: { readonly live: (life: RecordedLife) => Promise<void>; readonly seed: number },
): Promise<number> {
  const whole = { machine: new SimulatedMachine(trial.options), acknowledged: 0 };
  await live(whole);
  const lines = await checkedHistory(await whole.machine.open());
  assert.equal(lines.length, whole.acknowledged);
  return tryMoments(await momentsOf(trial.options, live), { ...trial, lines }, seed);
}

/** Tries every moment; returns how many states of the disk were recovered from. */
async function tryMoments(moments: readonly LastMoment[], trial: CrashTrial, seed: number): Promise<number> {
  let tried = 0;
  for (const [index, moment] of moments.entries()) {
    for (const [way, state] of statesAfter(moment, trial, seed * 1_000 + index)) {
      try {
        tried += await tryState({ state, acknowledged: moment.acknowledged }, trial, seed * 7 + index);
      } catch (cause) {
        throw new Error(`moment ${index} of ${moments.length}, ${way}, seed ${seed}, depth ${trial.depth}`, { cause });
      }
    }
  }
  return tried;
}

/** What the next process may find: the process was killed, or the power went. */
function* statesAfter({ state }: LastMoment, { options, waysPerMoment }: CrashTrial, seed: number) {
  const after = (choose: CrashChoice) => machineOn(state, options).fileSystem.stateAfterCrash(choose);
  yield ['killed', machineOn(state).fileSystem.state()] as const;
  yield ['everything kept', after(keepEverything)] as const;
  yield ['nothing kept', after(keepNothing)] as const;
  for (let way = 0; way < waysPerMoment; way++) {
    yield [`some kept (${way})`, after(keepSome(seededRandom(seed * 31 + way)))] as const;
  }
}

async function tryState({ state, acknowledged }: LastMoment, trial: CrashTrial, seed: number): Promise<number> {
  const { options, depth, stride } = trial;
  let served: readonly string[] = [];
  const moments = await momentsOf({ ...options, state }, async (life) => {
    life.acknowledged = acknowledged;
    const engine = await life.machine.open();
    served = await recoveredHistory(engine, trial, acknowledged);
    life.acknowledged = served.length;
    const cutsAtOnce = seed % 2 === 0;
    if (cutsAtOnce) await expectAfterPowerCut(life, options, served);
    await engine.append(sampleAppend({ streamId: 'after', name: 'after the crash' }));
    served = [...served, ...(await feedLines(engine)).slice(served.length)];
    life.acknowledged = served.length;
    if (!cutsAtOnce) await expectAfterPowerCut(life, options, served);
  });
  assert.equal(served.length, (moments.at(-1) as LastMoment).acknowledged);
  if (depth === 0) return 1;
  const some = moments.filter((_, index) => (index + seed) % stride === 0);
  return 1 + (await tryMoments(some, { ...trial, lines: served, depth: depth - 1 }, seed + 1));
}

/** What a recovered store serves: the beginning of `lines`, with everything that was acknowledged. */
async function recoveredHistory(engine: StorageEngine, { lines }: CrashTrial, acknowledged: number): Promise<string[]> {
  assert.deepEqual(engine.health(), { state: 'ready' });
  const served = await checkedHistory(engine);
  assert.deepEqual(served, lines.slice(0, served.length), 'the same bytes as before');
  assert.ok(served.length >= acknowledged, `${acknowledged} events were acknowledged, ${served.length} are there`);
  return served;
}

/** Nothing that was served may have been in the cache alone. */
async function expectAfterPowerCut(
  { machine }: RecordedLife,
  options: SimulatedMachineOptions,
  served: readonly string[],
) {
  const next = machineOn(machine.fileSystem.stateAfterCrash(keepNothing), options);
  assert.deepEqual(await feedLines(await next.open()), served, 'what was served is on the disk');
}
