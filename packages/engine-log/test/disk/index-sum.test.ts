/**
 * A bit that flips in the index while the store is stopped: it is noticed, and the index built anew.
 * Shows P-06.
 */
import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type StorageEngine, systemClock } from '@event-store/core';
import { openLogEngine, type PlannedLoss, repairLogStore, verifyLogStore } from '@event-store/engine-log';
import { checkedHistory } from '../../../../simulation/engine-log/history.ts';
import { sampleAppend } from '../../../../simulation/engine-log/sample-appends.ts';
import type { FileSystem } from '../../src/file-system.ts';
import { checkIndexSum, writeIndexSum } from '../../src/index/index-sum.ts';
import { nodeFileSystem } from '../../src/node-file-system.ts';
import { realEnvironment } from '../../src/open-log-engine.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const known = sampleAppend({ streamId: 'stream-0', name: 'known', events: 2, hasIds: true });
/** Of the store that is made: the known ones, and 40 appends of 20 to 20 streams. */
const events = 2 + 40 * 20;
const withoutSum = ['The index is built anew: the last stop was not one that leaves a sum of it.'];
const rebuilt = ['The index is built anew: it is not as the last stop left it.'];

interface Made {
  readonly directory: string;
  readonly index: string;
  readonly data: string;
  readonly sum: string;
}

async function makeStore(context: TestContext): Promise<Made> {
  const directory = join(temporaryDirectory(context), 'data');
  const engine = await openLogEngine({ directory });
  await engine.append(known);
  for (let number = 0; number < 40; number++)
    await engine.append(
      sampleAppend({ streamId: `stream-${number % 20}`, name: `${number}`, events: 20, hasIds: true }),
    );
  await engine.close();
  const index = join(directory, 'index');
  return { directory, index, data: join(index, 'data.mdb'), sum: join(index, 'sum') };
}

/** Starts, uses and stops the store; returns what the start noticed, and how much the index covered as it was opened. */
async function live(
  directory: string,
  use: (engine: StorageEngine) => Promise<void>,
  fileSystem: FileSystem = nodeFileSystem,
): Promise<{ readonly notices: readonly string[]; readonly covered: number | undefined }> {
  const notices: string[] = [];
  let covered: number | undefined;
  const openIndex: typeof realEnvironment.openIndex = async (options) => {
    const index = await realEnvironment.openIndex(options);
    covered = index.indexer.covered?.position;
    return index;
  };
  const observer = { notice: ({ message }: { readonly message: string }) => notices.push(message) };
  const engine = await openLogEngine({ directory, observer }, { ...realEnvironment, fileSystem, openIndex });
  const start = { notices: [...notices], covered };
  try {
    await use(engine);
  } finally {
    await engine.close();
  }
  return start;
}

function flip(path: string, at: number, bit: number): void {
  const content = readFileSync(path);
  content.writeUInt8(content.readUInt8(at) ^ (1 << bit), at);
  writeFileSync(path, content);
}

/** All places where a text stands in a file. */
function placesOf(path: string, text: string): readonly number[] {
  const content = readFileSync(path);
  const places: number[] = [];
  for (let at = content.indexOf(text); at >= 0; at = content.indexOf(text, at + 1)) places.push(at);
  return places;
}

test('one flipped bit anywhere in it is noticed', async (context) => {
  const { index } = await makeStore(context);
  const copy = temporaryDirectory(context);
  cpSync(index, copy, { recursive: true });
  const data = join(copy, 'data.mdb');
  for (let at = 0; at < statSync(data).size; at += 997) {
    flip(data, at, at % 8);
    assert.equal(await checkIndexSum(nodeFileSystem, copy), 'changed', `byte ${at}`);
    flip(data, at, at % 8);
  }
  assert.equal(await checkIndexSum(nodeFileSystem, copy), 'as it was');
  assert.equal(existsSync(join(copy, 'sum')), false, 'it is gone before the index can change');
});

test('after a flipped bit streams are whole, versions go on, and retries are known', async (context) => {
  const { directory, data } = await makeStore(context);
  const spots = [...placesOf(data, 'stream-0'), ...placesOf(data, 'known:1')];
  assert.ok(spots.length >= 2, 'the keys of the stream and of the client id');
  for (let at = 0; at < statSync(data).size; at += 9_973) spots.push(at);
  let version = 2 + 2 * 20;
  for (const [round, at] of spots.entries()) {
    flip(data, at, round % 8);
    const { notices } = await live(directory, async (engine) => {
      const lines = await checkedHistory(engine);
      assert.equal(lines.length, events + round);
      assert.equal((await engine.append(known)).outcome, 'replayed');
      const appended = await engine.append(sampleAppend({ streamId: 'stream-0', name: `round ${round}` }));
      assert.equal(appended.outcome === 'appended' && appended.streams[0]?.version, ++version, `byte ${at}`);
    });
    assert.deepEqual(notices, rebuilt, `byte ${at}`);
  }
});

test('an index that nobody touched is used as it is, also after it was verified', async (context) => {
  const { directory, sum } = await makeStore(context);
  for (let i = 0; i < 2; i++) {
    assert.deepEqual((await verifyLogStore({ directory })).findings, []);
    const start = await live(directory, async (engine) => {
      assert.equal(existsSync(sum), false, 'while the store runs there is none');
      await engine.append(sampleAppend({ streamId: 'stream-1', name: `again ${i}` }));
    });
    assert.deepEqual(start, { notices: [], covered: events + i });
    assert.ok(existsSync(sum));
  }
});

test('a sum that is damaged itself costs no more than the work to build the index', async (context) => {
  const { directory, sum } = await makeStore(context);
  for (const spoil of [() => flip(sum, 20, 0), () => writeFileSync(sum, '')]) {
    spoil();
    const start = await live(directory, async (engine) => {
      assert.equal((await checkedHistory(engine)).length, events);
    });
    assert.deepEqual(start, { notices: rebuilt, covered: undefined });
  }
});

test('a stop without room for the sum is a stop in good order, and the next start does without the index', async (context) => {
  const { directory, sum } = await makeStore(context);
  let refusals = 0;
  const open: FileSystem['open'] = async (path, mode) => {
    if (!path.includes('/index/sum') || mode !== 'create') return nodeFileSystem.open(path, mode);
    refusals++;
    throw Object.assign(new Error('no space left'), { code: 'ENOSPC', syscall: 'open' });
  };
  await live(directory, async () => {}, { ...nodeFileSystem, open });
  assert.deepEqual([refusals, existsSync(sum)], [1, false]);
  assert.deepEqual(await live(directory, async () => {}), { notices: withoutSum, covered: undefined });
});

test('a stop does not wait long for the sum', async (context) => {
  const { index, sum } = await makeStore(context);
  assert.equal(await checkIndexSum(nodeFileSystem, index), 'as it was');
  let nowMs = 0;
  await writeIndexSum(nodeFileSystem, index, { ...systemClock, monotonicMs: () => (nowMs += 4_000) });
  assert.equal(existsSync(sum), false);
  await writeIndexSum(nodeFileSystem, index, systemClock);
  assert.equal(existsSync(sum), true);
});

test('after a kill an index of a small log is not trusted, and tells how far the log went', async (context) => {
  const { directory, data, sum } = await makeStore(context);
  for (const at of [...placesOf(data, 'stream-0'), ...placesOf(data, 'known:1')]) {
    rmSync(sum);
    flip(data, at, 2);
    const start = await live(directory, async (engine) => {
      assert.equal((await checkedHistory(engine)).length, events);
      assert.equal((await engine.append(known)).outcome, 'replayed');
    });
    assert.deepEqual(start, { notices: withoutSum, covered: undefined });
  }
  rmSync(sum);
  rmSync(join(directory, 'head'));
  const log = join(directory, 'log', '00000000000000000001.ndjson');
  const lines = readFileSync(log, 'latin1').trimEnd().split('\n');
  writeFileSync(log, `${lines.slice(0, -1).join('\n')}\n`, 'latin1');
  await live(directory, async (engine) => assert.equal(engine.health().state, 'read-only'));
});

test('after a kill a start that meets damage leaves the index, which alone knows whose event was lost', async (context) => {
  const { directory, sum } = await makeStore(context);
  rmSync(sum);
  const log = join(directory, 'log', '00000000000000000001.ndjson');
  const content = readFileSync(log);
  const newest = content.lastIndexOf('{"streamId":"stream-0"');
  content.fill('#', newest, content.indexOf('\n', newest));
  writeFileSync(log, content);
  for (let starts = 0; starts < 2; starts++)
    await live(directory, async (engine) => assert.equal(engine.health().state, 'read-only'));
  const lost: PlannedLoss[] = [];
  await repairLogStore({ directory, confirm: async (loss) => lost.push(loss) > 0 });
  assert.equal(lost[0]?.unknownEvents, 0);
  await live(directory, async (engine) => {
    const appended = await engine.append(sampleAppend({ streamId: 'stream-0', name: 'next' }));
    assert.equal(
      appended.outcome === 'appended' && appended.streams[0]?.version,
      2 + 2 * 20 + 1,
      'none is given twice',
    );
  });
});
