/** From listening to serving: what is answered while the engine is being opened, and when it cannot be. Shows P-17. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EngineObserver, StartError, type StorageEngine } from '@event-store/core';
import { openMemoryEngine } from '@event-store/engine-memory';
import { startServer } from '../src/index.ts';
import { append, ask, engineWith, testServer } from './running-server.ts';

const closedPaths = ['/a', '/a/1', '/-/events', '/-/streams', '/-/metrics', '/-/limits', '/-/openapi.json'];

test('until the engine is open, only a sign of life is given', async () => {
  await using busy = await testServer();
  const { port } = busy;
  await busy.stop();
  const opening = Promise.withResolvers<StorageEngine>();
  const observed = Promise.withResolvers<EngineObserver>();
  const starting = testServer({ port }, (observer) => {
    observed.resolve(observer);
    return opening.promise;
  });
  const observer = await observed.promise;
  const url = `http://127.0.0.1:${port}`;
  for (const path of closedPaths) {
    const { status, code, headers } = await ask(url + path);
    assert.deepEqual([status, code, headers['retry-after']], [503, 'engine-unavailable', '1'], path);
  }
  assert.equal((await ask(`${url}/a`, append)).code, 'engine-unavailable');
  assert.equal((await ask(`${url}/`)).status, 200);
  assert.equal((await ask(`${url}/-/health/live`)).status, 200);
  observer.progress?.({ task: 'rebuilding-index', done: 1, total: 4 });
  const unready = await ask(`${url}/-/health/ready`);
  assert.equal(unready.status, 503);
  const { detail, ...readiness } = JSON.parse(unready.text);
  assert.equal(typeof detail, 'string');
  assert.deepEqual(readiness, {
    ready: false,
    reason: 'rebuilding',
    progress: { task: 'rebuilding-index', done: 1, total: 4 },
  });
  opening.resolve(openMemoryEngine());
  await using server = await starting;
  assert.equal((await ask(`${server.url}/-/health/ready`)).status, 200);
  assert.equal((await ask(`${server.url}/a`, append)).status, 200);
});

test('a store that takes no appends is not called ready, and says why', async () => {
  const reason = 'Something is damaged. Mend it.';
  for (const [health, said] of [
    [{ state: 'ready' }, 'The event store is ready'],
    [{ state: 'read-only', reason }, `The event store serves reads only: ${reason}`],
    [{ state: 'full', reason }, `The event store is open, but takes no appends: ${reason}`],
  ] as const) {
    await using server = await testServer({}, engineWith({ health: () => health }));
    const { msg, url } = server.log.find((line) => line.url !== undefined) ?? {};
    assert.deepEqual([msg, url], [said, server.url]);
  }
});

test('an engine that cannot be opened frees the port and says why', async () => {
  const reason = new StartError('in-use', 'Somebody else has it.');
  let port = 0;
  const options = { host: '127.0.0.1', port: 0, productVersion: 'test', logLevel: 'silent' } as const;
  await using free = await testServer();
  port = free.port;
  await free.stop();
  await assert.rejects(
    startServer({ ...options, port }, async () => {
      throw reason;
    }),
    reason,
  );
  await using again = await testServer({ port });
  assert.equal(again.port, port);
});

test('a port that is taken is a reason not to start', async () => {
  await using first = await testServer();
  let isOpened = false;
  const second = testServer({ port: first.port }, async () => {
    isOpened = true;
    return openMemoryEngine();
  });
  await assert.rejects(second, (error) => error instanceof StartError && error.kind === 'cannot-listen');
  assert.equal(isOpened, false);
});

test('the log has one line a start, and a warning when anybody may ask', async () => {
  await using local = await testServer();
  assert.deepEqual(
    local.log.map(({ level, url, engine, pid }) => ({ level, url, engine, pid })),
    [{ level: 30, url: local.url, engine: 'memory', pid: process.pid }],
  );
  await using open = await testServer({ host: '0.0.0.0' });
  assert.deepEqual(
    open.log.map(({ level }) => level),
    [30, 40],
  );
  await using guarded = await testServer({ host: '0.0.0.0', token: 'sesame' });
  assert.equal(guarded.log.length, 1);
});

test('what the engine notices is logged', async () => {
  await using server = await testServer({}, async (observer) => {
    observer.notice?.({ level: 'warn', message: 'A torn tail was cut', fields: { bytes: 7 } });
    return openMemoryEngine({ observer });
  });
  const [notice] = server.log;
  assert.deepEqual([notice?.level, notice?.msg, notice?.bytes], [40, 'A torn tail was cut', 7]);
});
