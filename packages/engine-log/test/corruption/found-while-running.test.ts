/**
 * Damage that comes while the store runs is found by who reads it, or by the scrub, and is known
 * from then on; appends go on, since no new event depends on an old one.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type EngineObserver, parseStreamId, type StorageEngine } from '@event-store/core';
import { parseLine } from '../../../../simulation/engine-log/history.ts';
import { sampleAppend } from '../../../../simulation/engine-log/sample-appends.ts';
import { machineOn, type SimulatedMachine } from '../../../../simulation/engine-log/simulated-machine.ts';
import { smallSegmentBytes, smallStore } from '../../../../simulation/engine-log/small-store.ts';
import { durableDirectory } from '../../../../simulation/file-system/simulated-directory.ts';

const store = await smallStore();
const [first, second] = store.segments as [string, string];

interface Running {
  readonly machine: SimulatedMachine;
  readonly engine: StorageEngine;
  readonly notices: Parameters<NonNullable<EngineObserver['notice']>>[0][];
}

async function running(): Promise<Running> {
  const notices: Running['notices'] = [];
  const observer = { notice: (notice: Running['notices'][number]) => notices.push(notice) };
  const machine = machineOn(durableDirectory(store.image), { segmentBytes: smallSegmentBytes, observer });
  return { machine, engine: await machine.open(), notices };
}

/** Changes a byte of the line of an event, behind the back of the engine. */
async function spoil({ machine }: Running, path: string, position: number): Promise<void> {
  const at = (store.image.get(path) as Buffer).indexOf(`"position":${position},`);
  assert.ok(at > 0);
  const file = await machine.fileSystem.open(`/${path}`, 'write');
  file.write(Buffer.from('X'), at + 1);
  await file.close();
}

async function expectKnown({ engine, notices }: Running): Promise<void> {
  const health = engine.health();
  assert.ok(health.state === 'ready' && health.damage?.includes('0001.ndjson'));
  assert.equal(engine.statistics().damaged_places, 1);
  assert.deepEqual(
    notices.map(({ level }) => level),
    ['error'],
  );
  const { outcome } = await engine.append(sampleAppend({ streamId: 'a', name: 'after' }));
  assert.equal(outcome, 'appended');
}

describe('damage that comes while the store runs', () => {
  it('is found by a reader of the stream', async () => {
    const run = await running();
    await spoil(run, first, 3);
    const { streamId, version } = parseLine(store.lines[2] as string);
    const read = () =>
      Array.fromAsync(run.engine.readStream({ streamId: parseStreamId(streamId), from: 1, direction: 'forward' }));
    for (let i = 0; i < 2; i++) await assert.rejects(read(), { code: 'event-corrupt' });
    await expectKnown(run);
    const { fields } = run.notices[0] as Running['notices'][number];
    assert.deepEqual([fields?.position, fields?.streamId, fields?.version], [3, streamId, version]);
  });

  it('is found by a reader of the feed', async () => {
    const run = await running();
    await spoil(run, first, 3);
    for (const limit of [1, 100])
      await assert.rejects(Array.fromAsync(run.engine.readFeed({ after: 2, limit })), { code: 'event-corrupt' });
    await expectKnown(run);
  });

  it('is named by the byte where its line begins, wherever the reader of the feed begins', async () => {
    const run = await running();
    await spoil(run, first, 3);
    const content = store.image.get(first) as Buffer;
    const start = content.lastIndexOf('\n', content.indexOf('"position":3,')) + 1;
    for (const after of [0, 2])
      await assert.rejects(Array.fromAsync(run.engine.readFeed({ after })), {
        code: 'event-corrupt',
        message: new RegExp(`position 3 is damaged: segment 1, byte ${start}\\.`),
      });
    await run.engine.close();
  });

  it('is found by the scrub, which goes on behind it, comes to an end and begins again', async () => {
    const run = await running();
    await spoil(run, first, 3);
    for (let i = 0; i < 50; i++) await run.machine.pass(10_000);
    await expectKnown(run);
    assert.ok((run.engine.statistics().scrub_passes ?? 0) > 1);
    await spoil(run, second, 7);
    for (let i = 0; i < 50; i++) await run.machine.pass(10_000);
    assert.equal(run.engine.statistics().damaged_places, 2);
    await run.engine.close();
  });
});

it('the scrub reads no faster than it is told, and not what is still written to', async () => {
  const { machine, engine } = await running();
  const sealed = [first, second].reduce((sum, path) => sum + (store.image.get(path) as Buffer).length, 0);
  await machine.pass(60_000);
  const { scrubbed_bytes: bytes = 0 } = engine.statistics();
  assert.ok(bytes > 0 && bytes < sealed);
  for (let i = 0; i < 20; i++) await machine.pass(1_000);
  assert.ok((engine.statistics().scrubbed_bytes ?? 0) < sealed, 'without the headers, and without the last segment');
  assert.equal(engine.statistics().scrub_passes, 1);
  await engine.close();
});
