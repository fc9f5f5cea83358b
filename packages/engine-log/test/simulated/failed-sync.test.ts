/**
 * A write or a sync that fails is final: nobody knows what the disk holds, so that nothing is
 * appended until a restart, which serves only what is on the disk.
 * Shows P-02, P-07.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseStreamId } from '@event-store/core';
import { append, expectKept, type LifeNotes } from '../../../../simulation/engine-log/eventful-life.ts';
import { checkedHistory, feedLines } from '../../../../simulation/engine-log/history.ts';
import { sampleAppend } from '../../../../simulation/engine-log/sample-appends.ts';
import { machineOn, SimulatedMachine } from '../../../../simulation/engine-log/simulated-machine.ts';
import { keepEverything, keepNothing, keepSome } from '../../../../simulation/file-system/crash.ts';
import type { SimulatedCall } from '../../../../simulation/file-system/simulated-file-system.ts';
import { seededRandom } from '../../../../simulation/seeded-random.ts';

const options = { segmentBytes: 4_000, sectorBytes: 64 };

/** A store with one durable append, and then an append during which calls of one kind fail on the log. */
async function failedAppend(operation: SimulatedCall['operation'], seed: number) {
  let isFailing = false;
  const fault = (call: SimulatedCall) =>
    isFailing && call.operation === operation && call.path.includes('/log/') ? 'EIO' : undefined;
  const machine = new SimulatedMachine({ ...options, fault, seed });
  const engine = await machine.open();
  const notes: LifeNotes = { answers: [], seen: new Map(), failures: [] };
  await append(engine, { streamId: 'a', name: 'durable', events: 2 }, notes);
  const durable = await feedLines(engine);
  isFailing = true;
  await append(engine, { streamId: 'a', name: 'unknown', events: 3 }, notes);
  isFailing = false;
  return { machine, engine, notes, durable };
}

describe('an append whose write or sync fails', () => {
  for (const operation of ['write', 'sync'] as const) {
    it(`${operation}: is unknown, makes the store read-only for good, and is not seen`, async () => {
      const { machine, engine, notes, durable } = await failedAppend(operation, 1);
      await append(engine, { streamId: 'b', name: 'later' }, notes);
      await machine.pass(5_000);
      await append(engine, { streamId: 'b', name: 'much later' }, notes);
      assert.deepEqual(
        notes.answers.map(({ outcome }) => outcome),
        ['appended', 'outcome-unknown', 'read-only', 'read-only'],
      );
      assert.equal(engine.health().state, 'read-only');
      assert.deepEqual(await checkedHistory(engine), durable, 'reads of durable data go on');
      await engine.close();
    });

    it(`${operation}: is whole or not there after any restart, and lasts once it was served`, async () => {
      const lengths = new Set<number>();
      for (let seed = 1; seed <= 40; seed++) {
        const { machine, notes } = await failedAppend(operation, seed);
        const { fileSystem } = machine;
        const choices = [keepNothing, keepEverything, keepSome(seededRandom(seed))];
        for (const state of [fileSystem.state(), ...choices.map((choose) => fileSystem.stateAfterCrash(choose))]) {
          const next = machineOn(state, options);
          const served = await checkedHistory(await next.open());
          expectKept(served, notes);
          lengths.add(served.length);
          const afterPowerCut = machineOn(next.fileSystem.stateAfterCrash(keepNothing), options);
          assert.deepEqual(await feedLines(await afterPowerCut.open()), served, 'what was served is on the disk');
        }
      }
      assert.deepEqual([...lengths].sort(), operation === 'sync' ? [2, 5] : [2], 'half a write is not an append');
    });
  }

  it('fails those that wait behind it too, as not stored', async () => {
    let isFailing = false;
    const fault = ({ operation }: SimulatedCall) => (isFailing && operation === 'sync' ? 'EIO' : undefined);
    const machine = new SimulatedMachine({ ...options, fault });
    const engine = await machine.open();
    isFailing = true;
    const first = engine.append(sampleAppend({ streamId: 'a', name: 'first' }));
    first.catch(() => undefined);
    await Promise.resolve();
    const large = { streamId: 'a', name: 'large', events: 3, dataBytes: 250_000 };
    const others = [1, 2, 3].map((i) => engine.append(sampleAppend({ ...large, name: `large ${i}` })));
    const conflict = engine.append(sampleAppend({ streamId: 'a', name: 'conflict', expectedVersion: 1 }));
    const settled = await Promise.allSettled([first, ...others, conflict]);
    const codes = settled.map((each) => (each.status === 'rejected' ? each.reason.code : each.value.outcome));
    assert.equal(codes[0], 'outcome-unknown');
    assert.deepEqual(new Set(codes).difference(new Set(['outcome-unknown', 'read-only'])), new Set());
    assert.ok(codes.includes('read-only'), 'some were never written');
    assert.equal(await engine.streamVersion(parseStreamId('a')), 0);
  });
});
