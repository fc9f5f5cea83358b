/** What a log answers that lost events of which nobody knows whose they were, and how a lost `store.json` comes back. Shows P-04. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runStore } from '../scripts/store-process.ts';
import { countedEvent, firstSegment, flipByte, stoppedStore } from './support/stopped-store.ts';
import { append, serveIn, startedStore } from './support/store.ts';

interface Page {
  readonly payload: readonly { readonly streamId: string; readonly version: number }[];
}

test('a stream that may have lost its end is refused; what is left is in the feed and event by event', async (context) => {
  const url = await damagedStore(context);
  for (const path of ['one', 'one?limit=1', 'one?direction=backward', '-/streams'])
    assert.equal(await codeOf(`${url}/${path}`), 'event-corrupt', path);
  assert.equal((await fetch(`${url}/one/2`)).status, 200);
  const left = (await (await fetch(`${url}/-/events?after=0&streamPrefix=one`)).json()) as Page;
  assert.deepEqual(
    left.payload.map(({ version }) => version),
    [1, 2],
  );
  const refused = (await (await fetch(`${url}/-/events?after=2`)).json()) as { position: number };
  assert.equal(refused.position, 3);
  const behind = (await (await fetch(`${url}/-/events?after=${refused.position}`)).json()) as Page;
  assert.deepEqual(
    behind.payload.map(({ streamId }) => streamId),
    ['two', 'two'],
  );
  assert.equal(((await (await fetch(`${url}/two`)).json()) as Page).payload.length, 2);
});

test('a damaged store says what to do, in readiness and to whoever appends', async (context) => {
  const url = await damagedStore(context);
  const toDo = /Stop the store and run "event-store verify".*"event-store repair".*damage-and-repair\.md/;
  const readiness = (await (await fetch(`${url}/-/health/ready`)).json()) as { reason: string; detail: string };
  assert.equal(readiness.reason, 'read-only');
  assert.match(readiness.detail, toDo);
  const refused = await fetch(`${url}/two`, { method: 'POST', body: JSON.stringify(countedEvent(9)) });
  const { code, detail } = (await refused.json()) as { code: string; detail: string };
  assert.equal(code, 'read-only');
  assert.match(detail, toDo);
});

test('a damaged consumers file is known to operators, says what to do, and can be given up', async (context) => {
  const data = await stoppedStore(context);
  const store = await startedStore(context, { args: serveIn(data) });
  await fetch(`${store.url}/-/consumers/billing`, { method: 'PUT', body: '{}' });
  await store.end('SIGTERM');
  flipByte(join(data, 'consumers.ndjson'), 'billing');
  const damaged = await startedStore(context, { args: serveIn(data) });
  const toDo = /consumers\.ndjson is damaged: byte \d+: .*"event-store verify".*"event-store repair"/;
  const ready = await fetch(`${damaged.url}/-/health/ready`);
  assert.equal(ready.status, 200);
  assert.match(((await ready.json()) as { damage: string }).damage, toDo);
  const metrics = await (await fetch(`${damaged.url}/-/metrics`)).text();
  assert.match(metrics, /^event_store_engine_damaged_places 1$/m);
  const refused = await fetch(`${damaged.url}/-/consumers`);
  const { code, detail } = (await refused.json()) as { code: string; detail: string };
  assert.deepEqual([refused.status, code], [503, 'engine-unavailable']);
  assert.match(detail, toDo);
  assert.equal((await append(`${damaged.url}/one`, countedEvent(6))).position, 6);
  await damaged.end('SIGTERM');
  assert.equal((await runStore({ args: ['repair', '--yes', data] })).code, 0);
  const { url } = await startedStore(context, { args: serveIn(data) });
  assert.deepEqual(await (await fetch(`${url}/-/health/ready`)).json(), { ready: true });
  assert.equal((await fetch(`${url}/-/consumers`)).status, 200);
});

test('without store.json nothing starts, and what is said is what to do', async (context) => {
  const data = await stoppedStore(context);
  rmSync(join(data, 'store.json'));
  for (const [args, code] of [
    [serveIn(data), 65],
    [['verify', data], 66],
  ] as const) {
    const ended = await runStore({ args });
    assert.equal(ended.code, code);
    assert.match(ended.stderr, /store\.json.*restore it from a copy, or write it anew/);
  }
});

test('a store.json with another id does no harm: every segment is foreign, and the store does not start', async (context) => {
  const data = await stoppedStore(context);
  const file = join(data, 'store.json');
  const before = readFileSync(file);
  writeFileSync(file, '{"format":1,"storeId":"another","created":"2026-01-01T00:00:00.000Z"}\n');
  const { code, stdout } = await runStore({ args: ['verify', data] });
  assert.equal(code, 65);
  assert.match(stdout, /it belongs to another store/);
  assert.equal((await runStore({ args: serveIn(data) })).code, 65);
  writeFileSync(file, before);
  assert.equal((await runStore({ args: ['verify', data] })).code, 0);
  const { url } = await startedStore(context, { args: serveIn(data) });
  assert.equal((await append(`${url}/one`, countedEvent(6))).position, 6);
});

for (const position of [4, 6])
  test(`a segment ${position} where none was: the finding names the cure, and a repair puts it away whole`, async (context) => {
    const data = await stoppedStore(context);
    const segment = readFileSync(join(data, firstSegment));
    const surplus = join(data, `log/0000000000000000000${position}.ndjson`);
    cpSync(join(data, firstSegment), surplus);
    const { code, stdout } = await runStore({ args: ['verify', data] });
    assert.equal(code, 65);
    assert.match(stdout, /move it out of log\//);
    assert.equal((await runStore({ args: ['repair', '--yes', data] })).code, 0);
    assert.equal(existsSync(surplus), false);
    const kept = readdirSync(join(data, 'repaired'));
    assert.deepEqual(
      kept.map((name) => readFileSync(join(data, 'repaired', name))),
      [segment],
    );
    assert.equal((await runStore({ args: ['verify', data] })).code, 0);
    const { url } = await startedStore(context, { args: serveIn(data) });
    assert.equal((await append(`${url}/one`, countedEvent(6))).position, 6);
  });

/** Position 3, the end of "one", is damaged, and the index that knew it is gone. */
async function damagedStore(context: TestContext): Promise<string> {
  const data = await stoppedStore(context);
  flipByte(join(data, firstSegment), '"data":"Mw=="');
  rmSync(join(data, 'index'), { recursive: true });
  return (await startedStore(context, { args: serveIn(data) })).url;
}

async function codeOf(url: string): Promise<string> {
  return ((await (await fetch(url)).json()) as { code: string }).code;
}
