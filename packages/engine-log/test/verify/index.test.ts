/** The index on a real disk: each entry is compared with the log, and what it alone knows is not forgotten. */
import assert from 'node:assert/strict';
import { cpSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openLogEngine, repairLogStore, verifyLogStore } from '@event-store/engine-log';
import { sampleAppend } from '../../../../simulation/engine-log/sample-appends.ts';
import { encodeOffset, encodePlaces, encodeStreamRow, encodeWide, openTables } from '../../src/index/lmdb-format.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function live(directory: string, names: readonly string[]): Promise<void> {
  const engine = await openLogEngine({ directory, segmentBytes: 600 });
  for (const [index, name] of names.entries())
    await engine.append(sampleAppend({ streamId: `s${index % 2}`, name, events: 2, hasIds: true }));
  await engine.close();
}

async function makeStore(context: TestContext): Promise<string> {
  const directory = join(temporaryDirectory(context), 'data');
  await live(directory, ['one', 'two', 'three']);
  return directory;
}

test('each wrong, missing or surplus entry is found', async (context) => {
  const directory = await makeStore(context);
  assert.deepEqual((await verifyLogStore({ directory })).findings, []);
  const whole = temporaryDirectory(context);
  cpSync(join(directory, 'index'), whole, { recursive: true });
  type Tables = ReturnType<typeof openTables>;
  const [first, more] = [encodeStreamRow({ number: 1, version: 1 }), encodeStreamRow({ number: 1, version: 99 })];
  const place = encodePlaces([{ position: 9, segment: 1, offset: 7, bytes: 7 }]);
  const spoils: readonly ((tables: Tables) => unknown)[] = [
    ({ streams }) => streams.putSync(Buffer.from('s0'), first),
    ({ streams }) => streams.putSync(Buffer.from('other'), more),
    ({ streams }) => streams.removeSync(Buffer.from('s1')),
    ({ places }) => places.putSync(first, place),
    ({ places }) => places.removeSync(first),
    ({ places }) => places.putSync(more, place),
    ({ ids }) => [...ids.getKeys()].slice(0, 1).map((key) => ids.putSync(key, encodeWide(77))),
    ({ ids }) => [...ids.getKeys()].slice(0, 1).map((key) => ids.removeSync(key)),
    ({ anchors }) => anchors.putSync(encodeWide(1), encodeOffset(8)),
    ({ anchors }) => anchors.putSync(encodeWide(77), encodeOffset(8)),
  ];
  for (const [index, spoil] of spoils.entries()) {
    rmSync(join(directory, 'index'), { recursive: true });
    cpSync(whole, join(directory, 'index'), { recursive: true });
    const tables = openTables(join(directory, 'index'));
    spoil(tables);
    await tables.root.close();
    const { isIntact, findings } = await verifyLogStore({ directory });
    assert.ok(
      !isIntact && findings.every(({ kind, severity }) => kind === 'index' && severity === 'derived'),
      `${index}: ${JSON.stringify(findings)}`,
    );
  }
  const { outcome } = await repairLogStore({ directory, confirm: async ({ events }) => events.length === 0 });
  assert.equal(outcome, 'repaired');
  const engine = await openLogEngine({ directory });
  assert.equal(engine.statistics().index_lag_events, 0);
  await engine.close();
  assert.deepEqual((await verifyLogStore({ directory })).findings, []);
});

test('a file that cannot be read ends no more than the process that tried', async (context) => {
  const directory = await makeStore(context);
  const data = join(directory, 'index', 'data.mdb');
  for (const spoil of [() => truncateSync(data, 8192), () => writeFileSync(data, Buffer.alloc(64 * 1024, 'rubbish'))]) {
    spoil();
    const { isIntact, findings } = await verifyLogStore({ directory });
    assert.deepEqual([isIntact, findings.map(({ kind }) => kind)], [false, ['index']]);
  }
});

test('events that only the index knows of are missing; a repair names them, and gives no number twice', async (context) => {
  const directory = await makeStore(context);
  const older = temporaryDirectory(context);
  cpSync(join(directory, 'log'), older, { recursive: true });
  await live(directory, ['four', 'five']);
  rmSync(join(directory, 'log'), { recursive: true });
  rmSync(join(directory, 'head'));
  cpSync(older, join(directory, 'log'), { recursive: true });
  const { findings } = await verifyLogStore({ directory });
  assert.deepEqual(
    findings
      .filter(({ severity }) => severity === 'damage')
      .map(({ kind, position, lastPosition }) => ({ kind, position, lastPosition })),
    [{ kind: 'missing', position: 7, lastPosition: 10 }],
  );
  const result = await repairLogStore({
    directory,
    confirm: async ({ events, unknownEvents }) => {
      assert.deepEqual(
        events.map(({ streamId, version }) => [streamId, version]),
        [
          ['s0', 5],
          ['s0', 6],
          ['s1', 3],
          ['s1', 4],
        ],
      );
      return unknownEvents === 0;
    },
  });
  assert.deepEqual([result.outcome, result.report.lostEvents], ['repaired', 4]);
  assert.deepEqual(readdirSync(join(directory, 'index')), []);
  const engine = await openLogEngine({ directory });
  const appended = await engine.append(sampleAppend({ streamId: 's1', name: 'six' }));
  assert.deepEqual(appended.outcome === 'appended' && appended.streams[0]?.version, 5);
  await engine.close();
});
