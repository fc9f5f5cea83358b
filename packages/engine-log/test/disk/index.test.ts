/**
 * The index as LMDB has it on the disk: it may be deleted, old, somebody else's or rubbish; ahead of the log it is a witness.
 * Shows P-06.
 */
import assert from 'node:assert/strict';
import { cpSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { StorageEngine } from '@event-store/core';
import { openLogEngine } from '@event-store/engine-log';
import { checkedHistory } from '../../../../simulation/engine-log/history.ts';
import { sampleAppend } from '../../../../simulation/engine-log/sample-appends.ts';
import { startOwner } from '../support/start-owner.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

interface Made {
  readonly directory: string;
  readonly lines: readonly string[];
}

/** Appends to a store, makes it if need be, and stops it in good order. */
async function live(directory: string, names: readonly string[]): Promise<readonly string[]> {
  const engine = await openLogEngine({ directory, segmentBytes: 600 });
  for (const [index, name] of names.entries()) {
    await engine.append(sampleAppend({ streamId: `s${index % 2}`, name, events: 2, hasIds: true }));
  }
  const lines = await checkedHistory(engine);
  await engine.close();
  return lines;
}

async function makeStore(context: TestContext, names: readonly string[]): Promise<Made> {
  const directory = join(temporaryDirectory(context), 'data');
  return { directory, lines: await live(directory, names) };
}

async function withStore<T>(directory: string, use: (engine: StorageEngine) => Promise<T>): Promise<T> {
  const engine = await openLogEngine({ directory, segmentBytes: 600 });
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

/** The store answers as before, also a retry of its first append. */
async function expectSame({ directory, lines }: Made): Promise<void> {
  await withStore(directory, async (engine) => {
    assert.deepEqual(engine.health(), { state: 'ready' });
    assert.deepEqual(await checkedHistory(engine), lines);
    const again = await engine.append(sampleAppend({ streamId: 's0', name: 'one', events: 2, hasIds: true }));
    assert.equal(again.outcome, 'replayed');
  });
}

const indexOf = (directory: string) => join(directory, 'index');
const data = (directory: string) => join(indexOf(directory), 'data.mdb');

test('deleted', async (context) => {
  const store = await makeStore(context, ['one', 'two', 'three']);
  rmSync(indexOf(store.directory), { recursive: true });
  await expectSame(store);
});

test('from an earlier day of the store', async (context) => {
  const { directory } = await makeStore(context, ['one', 'two']);
  const earlier = temporaryDirectory(context);
  cpSync(indexOf(directory), earlier, { recursive: true });
  const lines = await live(directory, ['three', 'four', 'five']);
  rmSync(indexOf(directory), { recursive: true });
  cpSync(earlier, indexOf(directory), { recursive: true });
  await expectSame({ directory, lines });
});

test('of another store', async (context) => {
  const store = await makeStore(context, ['one', 'two']);
  const other = await makeStore(context, ['one', 'three', 'four']);
  rmSync(indexOf(store.directory), { recursive: true });
  cpSync(indexOf(other.directory), indexOf(store.directory), { recursive: true });
  await expectSame(store);
});

test('rubbish, or cut: at worst it ends one process, and the next one builds it anew', async (context) => {
  const store = await makeStore(context, ['one', 'two']);
  const { directory } = store;
  const spoil = [
    () => writeFileSync(data(directory), Buffer.alloc(64 * 1024, 'rubbish')),
    () => truncateSync(data(directory), 8192),
  ];
  for (const each of spoil) {
    each();
    const first = await startOwner(context, { directory }).catch(() => undefined);
    await (first ?? (await startOwner(context, { directory }))).kill();
    await expectSame(store);
  }
});

test('ahead of the log: read-only over restarts, nothing is cut, and good again with the log back', async (context) => {
  const { directory } = await makeStore(context, ['one', 'two']);
  const older = temporaryDirectory(context);
  cpSync(join(directory, 'log'), older, { recursive: true });
  const lines = await live(directory, ['three']);
  const newer = temporaryDirectory(context);
  cpSync(join(directory, 'log'), newer, { recursive: true });
  rmSync(join(directory, 'log'), { recursive: true });
  rmSync(join(directory, 'head'));
  cpSync(older, join(directory, 'log'), { recursive: true });
  for (let i = 0; i < 2; i++) {
    await withStore(directory, async (engine) => {
      assert.equal(engine.health().state, 'read-only');
      const end = Array.fromAsync(engine.readFeed({ after: lines.length - 1 }));
      await assert.rejects(end, { code: 'event-corrupt' });
      await assert.rejects(engine.append(sampleAppend({ streamId: 's0', name: 'four' })), { code: 'read-only' });
    });
    assert.deepEqual(readdirSync(join(directory, 'log')), readdirSync(older));
  }
  rmSync(join(directory, 'log'), { recursive: true });
  cpSync(newer, join(directory, 'log'), { recursive: true });
  await expectSame({ directory, lines });
});
