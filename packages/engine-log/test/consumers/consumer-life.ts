/**
 * A short life of the consumers' file on a simulated disk: changes alone and together, marks,
 * rewriting. Notes after which change was what there, and how many of them somebody was told of.
 */
import assert from 'node:assert/strict';
import { type ConsumerStore, EventStoreError, parseConsumerName } from '@event-store/core';
import type { SimulatedFileSystem } from '../../../../simulation/file-system/simulated-file-system.ts';
import { SimulatedClock } from '../../../../simulation/simulated-clock.ts';
import { openConsumers } from '../../src/consumers/open-consumers.ts';
import { Resources } from '../../src/resources.ts';

export const directory = '/data';
export const path = `${directory}/consumers.ndjson`;

/** What is there, by name. */
export type Consumers = Readonly<Record<string, unknown>>;

export interface OpenedConsumers {
  readonly consumers: ConsumerStore;
  readonly clock: SimulatedClock;
  readonly notices: readonly string[];
  close(): Promise<void>;
}

/** Opens the file, on a disk that has the directory. */
export async function openOn(fileSystem: SimulatedFileSystem, compactBytes = 700): Promise<OpenedConsumers> {
  const clock = new SimulatedClock({ startMs: 0 });
  const resources = new Resources();
  const notices: string[] = [];
  let failure: unknown;
  const consumers = await openConsumers({
    fileSystem,
    directory,
    storeId: 'store-of-the-simulation',
    clock,
    observer: { notice: ({ message }) => notices.push(message) },
    defer: queueMicrotask,
    resources,
    checkAccepting: () => {
      if (failure !== undefined) throw new EventStoreError('read-only', 'The disk failed.');
    },
    failed: (error) => {
      failure = error;
    },
    damaged: () => {},
    compactBytes,
  });
  return { consumers, clock, notices, close: () => resources.close() };
}

/** What became of each change, in the order in which they were decided. */
export interface LifeNotes {
  /** What is there behind each change, if it and all before it were stored; the first is before any. */
  readonly states: Consumers[];
  /** `written`, or the code of the error. */
  readonly outcomes: string[];
  /** So many changes from the first on were answered as written. */
  acknowledged: number;
  readonly failures: unknown[];
}

type Change = readonly [name: string, state: object | undefined];

/** In each step the changes arrive together. */
const steps: readonly (readonly Change[])[] = [
  [['a', { at: 1 }]],
  [
    ['a', { at: 2 }],
    ['b', { at: 1, long: 'x'.repeat(150) }],
    ['c', { at: 1 }],
  ],
  [['a', undefined]],
  [
    ['b', { at: 2, long: 'y'.repeat(200) }],
    ['c', { at: 2, 'ü\u2028': '"' }],
  ],
  [['a', { at: 3 }]],
  [['b', undefined]],
  [['c', { at: 3 }]],
];

export function emptyNotes(): LifeNotes {
  return { states: [{}], outcomes: [], acknowledged: 0, failures: [] };
}

/** `afterStep` is called after each step. */
export async function live(
  fileSystem: SimulatedFileSystem,
  notes: LifeNotes,
  afterStep: () => Promise<void> = async () => undefined,
): Promise<void> {
  const opened = await openOn(fileSystem).catch((error: unknown) => void notes.failures.push(error));
  if (opened === undefined) return;
  for (const [index, changes] of steps.entries()) {
    await Promise.all(changes.map((change) => make(opened.consumers, change, notes)));
    await afterStep();
    if (index % 2 === 1) {
      opened.clock.advance(60);
      await turn();
    }
  }
  await opened.close().catch((error: unknown) => void notes.failures.push(error));
}

/** Makes a change against what is really there, and notes what became of it. */
async function make(consumers: ConsumerStore, [name, state]: Change, notes: LifeNotes): Promise<void> {
  const { states, outcomes } = notes;
  const at = outcomes.push('under way') - 1;
  const text = state === undefined ? undefined : JSON.stringify(state);
  const { [name]: _, ...others } = states.at(-1) as Consumers;
  states.push(state === undefined ? others : { ...others, [name]: state });
  const known = parseConsumerName(name);
  try {
    const expectedRevision = (await consumers.read(known))?.revision ?? 0;
    const { outcome } = await consumers.write({ name: known, expectedRevision, state: text });
    assert.equal(outcome, 'written');
    outcomes[at] = outcome;
    notes.acknowledged = at + 1;
  } catch (error) {
    if (!(error instanceof EventStoreError)) throw error;
    outcomes[at] = error.code;
    // What was refused is not there for those that come after it.
    if (error.code !== 'outcome-unknown') {
      for (let later = at + 1; later < states.length; later++) {
        states[later] = withChange(states[later] as Consumers, name, states[at] as Consumers);
      }
    }
  }
}

function withChange(state: Consumers, name: string, before: Consumers): Consumers {
  const { [name]: _, ...others } = state;
  return name in before ? { ...others, [name]: before[name] } : others;
}

export async function contentOf({ consumers }: OpenedConsumers): Promise<Consumers> {
  const records = await consumers.list({ after: '', limit: 100 });
  return Object.fromEntries(records.map(({ name, state }) => [name, JSON.parse(state)]));
}

/** Fulfils when everything has ended that does not wait for time to pass. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
