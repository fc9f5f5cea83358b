/**
 * A full disk is an ordinary day: 507 and nothing stored, reads go on, and appends go on once
 * there is room, without a restart.
 * Shows P-08.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { append, expectKept, type LifeNotes } from '../../../../simulation/engine-log/eventful-life.ts';
import { checkedHistory } from '../../../../simulation/engine-log/history.ts';
import { machineOn, SimulatedMachine } from '../../../../simulation/engine-log/simulated-machine.ts';
import { keepNothing } from '../../../../simulation/file-system/crash.ts';
import type { SimulatedCall } from '../../../../simulation/file-system/simulated-file-system.ts';

const segmentBytes = 900;

/** How long after space has come back appends are to be accepted. */
const recoveryMs = 1_000;

function emptyNotes(): LifeNotes {
  return { answers: [], seen: new Map(), failures: [] };
}

function outcomes({ answers }: LifeNotes): string[] {
  return answers.map(({ outcome }) => outcome);
}

describe('a full disk', () => {
  it('refuses appends wherever it fills up, serves reads, and accepts again within a second of room', async () => {
    const used = await bytesOfSixAppends();
    let refusals = 0;
    for (let capacity = used.before; capacity < used.after; capacity += 37) {
      const machine = new SimulatedMachine({ segmentBytes });
      const engine = await machine.open();
      const notes = emptyNotes();
      machine.fileSystem.capacityBytes = capacity;
      for (let i = 0; i < 6; i++) {
        await append(engine, { streamId: `s${i % 2}`, name: `append ${i}`, events: 2, hasIds: true }, notes);
        expectKept(await checkedHistory(engine), notes);
        await machine.pass(60);
      }
      const refused = notes.answers.filter(({ outcome }) => outcome === 'disk-full');
      assert.equal(engine.health().state, refused.length > 0 ? 'full' : 'ready');
      assert.deepEqual(new Set(outcomes(notes)).difference(new Set(['appended', 'disk-full'])), new Set());
      refusals += refused.length;

      machine.fileSystem.capacityBytes = Number.POSITIVE_INFINITY;
      await machine.pass(recoveryMs);
      assert.equal(engine.health().state, 'ready');
      for (const { sample } of refused) await append(engine, { ...sample, name: `${sample.name} again` }, notes);
      assert.ok(
        outcomes(notes)
          .slice(6)
          .every((outcome) => outcome === 'appended'),
      );
      expectKept(await checkedHistory(engine), notes);
      await engine.close();
      const next = machineOn(machine.fileSystem.stateAfterCrash(keepNothing), { segmentBytes });
      expectKept(await checkedHistory(await next.open()), notes);
    }
    assert.ok(refusals > 100, `${refusals} refusals`);
  });

  it('is an ordinary day at whatever call it shows, once the store is open', async () => {
    for (const code of ['ENOSPC', 'EDQUOT']) {
      let at = 0;
      for (let wasHit = true; wasHit; at++) wasHit = await tryFullAtCall(at, code);
      assert.ok(at > 15, `${at} calls`);
    }
  });

  it('does not keep a store from starting, and from serving', async () => {
    const machine = new SimulatedMachine({ segmentBytes });
    const engine = await machine.open();
    const notes = emptyNotes();
    await append(engine, { streamId: 'a', name: 'before', events: 3 }, notes);
    machine.fileSystem.capacityBytes = 0;
    await append(engine, { streamId: 'a', name: 'refused', events: 9 }, notes);
    const next = machineOn(machine.fileSystem.state(), { segmentBytes });
    next.fileSystem.capacityBytes = 0;
    const restarted = await next.open();
    expectKept(await checkedHistory(restarted), notes);
    await append(restarted, { streamId: 'a', name: 'refused too', events: 9 }, notes);
    next.fileSystem.capacityBytes = Number.POSITIVE_INFINITY;
    await next.pass(recoveryMs);
    await append(restarted, { streamId: 'a', name: 'after', events: 9 }, notes);
    assert.deepEqual(outcomes(notes), ['appended', 'disk-full', 'disk-full', 'appended']);
    expectKept(await checkedHistory(restarted), notes);
  });
});

it('a new segment that is there and cannot be opened ends appends, whatever the disk says: the one before is left alone', async () => {
  let isRolling = false;
  const fault = ({ operation, path }: SimulatedCall) => {
    const isFirstOpen = operation === 'open' && path.endsWith('.ndjson') && !path.includes('0001.ndjson');
    if (!isFirstOpen || isRolling) return undefined;
    isRolling = true;
    return 'EDQUOT';
  };
  const machine = new SimulatedMachine({ segmentBytes, fault });
  const engine = await machine.open();
  const notes = emptyNotes();
  for (let i = 0; !isRolling; i++) await append(engine, { streamId: 'a', name: `${i}`, events: 2 }, notes);
  assert.equal(engine.health().state, 'read-only');
  await machine.pass(recoveryMs);
  const next = machineOn(machine.fileSystem.state(), { segmentBytes });
  const restarted = await next.open();
  assert.deepEqual(restarted.health(), { state: 'ready' });
  expectKept(await checkedHistory(restarted), notes);
});

/** Bytes on the disk of a store that is open and empty, and with six appends. */
async function bytesOfSixAppends(): Promise<{ before: number; after: number }> {
  const machine = new SimulatedMachine({ segmentBytes });
  const engine = await machine.open();
  const before = bytesOn(machine);
  for (let i = 0; i < 6; i++) await append(engine, { streamId: 's0', name: `${i}`, events: 2 }, emptyNotes());
  return { before, after: bytesOn(machine) };
}

function bytesOn({ fileSystem }: SimulatedMachine): number {
  return [...fileSystem.image().values()].reduce((sum, content) => sum + (content?.length ?? 0), 0);
}

/** The disk is full for one call that takes space, and has room again after it. */
async function tryFullAtCall(at: number, code: string): Promise<boolean> {
  const needsSpace: readonly SimulatedCall['operation'][] = ['write', 'create', 'rename'];
  let calls = 0;
  let hit: SimulatedCall | undefined;
  let isOpen = false;
  const fault = (call: SimulatedCall) => {
    if (!isOpen || !needsSpace.includes(call.operation) || calls++ !== at) return undefined;
    hit = call;
    return code;
  };
  const machine = new SimulatedMachine({ segmentBytes, fault });
  const engine = await machine.open();
  isOpen = true;
  const notes = emptyNotes();
  for (let i = 0; i < 6; i++) {
    await append(engine, { streamId: 'a', name: `append ${i}`, events: 2 }, notes);
    await machine.pass(recoveryMs);
    assert.deepEqual(engine.health(), { state: 'ready' }, `${hit?.operation} ${hit?.path}`);
  }
  assert.deepEqual(new Set(outcomes(notes)).difference(new Set(['appended', 'disk-full'])), new Set());
  assert.ok(outcomes(notes).filter((outcome) => outcome === 'disk-full').length <= 1);
  expectKept(await checkedHistory(engine), notes);
  await engine.close();
  const next = machineOn(machine.fileSystem.stateAfterCrash(keepNothing), { segmentBytes });
  expectKept(await checkedHistory(await next.open()), notes);
  return hit !== undefined;
}
