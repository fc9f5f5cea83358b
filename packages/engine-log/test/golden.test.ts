/** The format is frozen: a data directory of format 1 is opened, and written today it is the same bytes. Shows P-22. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseStreamId, type StorageEngine } from '@event-store/core';
import { openLogEngine } from '@event-store/engine-log';
import { feedLines, parseLine, streamLines } from '../../../simulation/engine-log/history.ts';
import { sampleAppend } from '../../../simulation/engine-log/sample-appends.ts';
import { goldenStore, lostEvent } from './support/golden-store.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const golden = join(import.meta.dirname, '../golden/format-1');

interface Event extends Record<string, unknown> {
  readonly streamId: string;
  readonly version: number;
}

const events: readonly Event[] = readFileSync(`${golden}-events.ndjson`, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

/** An engine on a copy, with the index of the real disk. */
async function openCopy(context: TestContext): Promise<StorageEngine> {
  const directory = temporaryDirectory(context);
  cpSync(golden, directory, { recursive: true });
  const engine = await openLogEngine({ directory });
  context.after(() => engine.close());
  return engine;
}

function toEvent(line: string): unknown {
  const { commit, crc32, synced, ...event } = JSON.parse(line);
  return event;
}

test('the feed and every stream have the events that were stored', async (context) => {
  const engine = await openCopy(context);
  assert.deepEqual(engine.health(), { state: 'ready' });
  assert.deepEqual((await feedLines(engine)).map(toEvent), events);
  for (const [streamId, expected] of Map.groupBy(events, (event) => event.streamId)) {
    assert.deepEqual((await streamLines(engine, streamId)).map(toEvent), expected);
    assert.equal(await engine.streamVersion(parseStreamId(streamId)), expected.at(-1)?.version);
  }
});

test('the event that was given up is known to be gone', async (context) => {
  const engine = await openCopy(context);
  const { streamId, version, position } = lostEvent;
  const one = { streamId: parseStreamId(streamId), from: version, limit: 1, direction: 'forward' } as const;
  const [first] = await Array.fromAsync(engine.readStream(one), ({ count, through }) => ({ count, through }));
  assert.deepEqual(first, { count: 0, through: version });
  assert.ok(events.every((event) => event.position !== position));
});

test('appends go on behind it, and retries of what is in it are known', async (context) => {
  const engine = await openCopy(context);
  const retried = parseLine(readFileSync(join(golden, 'log/00000000000000000001.ndjson'), 'utf8').split('\n')[1] ?? '');
  const { type, data, id } = retried;
  const again = await engine.append({
    streams: [
      {
        streamId: parseStreamId(retried.streamId),
        expectedVersion: undefined,
        events: [{ type, data, id, metadata: undefined }],
      },
    ],
  });
  assert.equal(again.outcome, 'replayed');
  const next = await engine.append(sampleAppend({ streamId: 'account-1', name: 'next' }));
  assert.deepEqual('streams' in next && next.streams[0], {
    streamId: 'account-1',
    firstVersion: 6,
    version: 6,
    position: 12,
  });
});

test('the same appends write the same bytes today', async () => {
  for (const [path, content] of await goldenStore(1)) {
    assert.deepEqual(readFileSync(join(golden, path)), content, path);
  }
});
