/**
 * A life of a store during which the disk fails: appends of every kind, reads in between, timers,
 * a clean stop. Notes what every client was told and every reader saw; `expectKept` checks that
 * the next life agrees with it.
 */
import assert from 'node:assert/strict';
import { EventStoreError, type StorageEngine } from '@event-store/core';
import { feedLines, parseLine, type StoredLine } from './history.ts';
import { type SampleAppend, sampleAppend } from './sample-appends.ts';
import type { SimulatedMachine } from './simulated-machine.ts';

interface Answer {
  readonly sample: SampleAppend;
  /** `appended`, or the code of the error. */
  readonly outcome: string;
  /** Of the last event. */
  readonly position: number | undefined;
}

export interface LifeNotes {
  readonly answers: Answer[];
  /** By position. */
  readonly seen: Map<number, string>;
  /** What was thrown by starts, stops and reads. */
  readonly failures: unknown[];
}

/** In each step the appends arrive together. */
const steps: readonly (readonly SampleAppend[])[] = [
  [{ streamId: 'a', name: 'one' }],
  [
    { streamId: 'a', name: 'two', events: 3, hasIds: true },
    { streamId: 'b', name: 'three' },
  ],
  [{ streamId: 'b', name: 'four', dataBytes: 700 }],
  [{ streamId: 'c', name: 'five', events: 2 }],
  [{ streamId: 'a', name: 'six', hasIds: true }],
  [{ streamId: 'a', name: 'seven' }],
];

/** `afterStep` is called after each step, and once more at the end. */
export async function liveEventfully(
  machine: SimulatedMachine,
  afterStep: (notes: LifeNotes) => Promise<void>,
): Promise<LifeNotes> {
  const notes: LifeNotes = { answers: [], seen: new Map(), failures: [] };
  const engine = await machine.open().catch((error: unknown) => {
    notes.failures.push(error);
  });
  if (engine === undefined) return notes;
  for (const [index, samples] of steps.entries()) {
    await Promise.all(samples.map((sample) => append(engine, sample, notes)));
    await look(engine, notes);
    await afterStep(notes);
    await machine.pass(index % 2 === 0 ? 60 : 1_100);
  }
  await afterStep(notes);
  await engine.close().catch((error: unknown) => notes.failures.push(error));
  return notes;
}

export async function append(engine: StorageEngine, sample: SampleAppend, { answers }: LifeNotes): Promise<void> {
  try {
    const result = await engine.append(sampleAppend(sample));
    assert.equal(result.outcome, 'appended');
    answers.push({ sample, outcome: 'appended', position: 'streams' in result ? result.streams[0]?.position : 0 });
  } catch (error) {
    if (!(error instanceof EventStoreError)) throw error;
    answers.push({ sample, outcome: error.code, position: undefined });
  }
}

/** Reads the feed; what was seen once must look the same for ever. */
async function look(engine: StorageEngine, { seen, failures }: LifeNotes): Promise<void> {
  try {
    for (const line of await feedLines(engine)) {
      const { position } = parseLine(line);
      assert.equal(line, seen.get(position) ?? line, 'what was seen does not change');
      seen.set(position, line);
    }
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    failures.push(error);
  }
}

/** Answers after which nothing may be stored. */
const refusals = ['disk-full', 'read-only'];

/** Checks that a history holds what was told and seen, nothing that was refused, and no append in part or twice. */
export function expectKept(lines: readonly string[], { answers, seen }: LifeNotes): void {
  for (const [position, line] of seen) assert.equal(lines[position - 1], line, 'what was seen is there');
  const stored = Map.groupBy(lines.map(parseLine), ({ position, commit = position }) => commit);
  const known = new Map(answers.map((answer) => [namesOf(answer.sample).join(), answer]));
  for (const [commit, events] of stored) {
    const name = events.map(nameOf).join();
    const answer = known.get(name);
    assert.ok(answer !== undefined, `${name} is one whole append`);
    known.delete(name);
    assert.ok(!refusals.includes(answer.outcome), `${name} was refused with ${answer.outcome}, and is there`);
    if (answer.outcome === 'appended') assert.equal(answer.position, commit, 'it is where it was told to be');
  }
  for (const [name, { outcome }] of known)
    assert.notEqual(outcome, 'appended', `${name} was acknowledged, and is gone`);
}

function namesOf({ name, events = 1 }: SampleAppend): string[] {
  return Array.from({ length: events }, (_, index) => `${name}/${index}`);
}

function nameOf({ data }: StoredLine): string {
  return Buffer.from(data, 'base64').toString('latin1').replace(/\.+$/, '');
}
