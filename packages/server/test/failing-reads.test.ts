/** Reads that fail: a problem before the first byte, what is there on a page, a reset within lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventStoreError, type FeedBatch } from '@event-store/core';
import { ask, engineWith, testServer } from './running-server.ts';

const asLines = { headers: { accept: 'application/x-ndjson' } };
const damage = () => new EventStoreError('event-corrupt', 'Damaged.', { details: { streamId: 'a', version: 2 } });

function batch(through: number): FeedBatch {
  return { lines: Buffer.from(`{"version":${through}}\n`), count: 1, through, caughtUp: false };
}

/** Reads that fail after so many events. */
function failingAfter(count: number, error: () => Error) {
  async function* read() {
    for (let through = 1; through <= count; through++) yield batch(through);
    throw error();
  }
  return engineWith({ readFeed: read, readStream: read, streamVersion: async () => 5 });
}

for (const path of ['/a', '/-/events']) {
  test(`${path} that fails at once is a problem in either form`, async () => {
    await using server = await testServer({}, failingAfter(0, damage));
    for (const options of [{}, asLines]) {
      const { status, code, text, headers } = await ask(server.url + path, options);
      assert.deepEqual([status, code, JSON.parse(text).version], [500, 'event-corrupt', 2]);
      const head = await ask(server.url + path, { ...options, method: 'HEAD' });
      assert.deepEqual([head.status, head.headers['content-length']], [500, headers['content-length']]);
    }
  });

  test(`${path} that fails later is cut off as lines, never ended`, async () => {
    await using server = await testServer({}, failingAfter(3, damage));
    await assert.rejects(ask(server.url + path, asLines), { code: 'ECONNRESET' });
    assert.equal(server.log.filter(({ code }) => code === 'event-corrupt').length, 1);
    assert.equal((await ask(`${server.url}/`)).status, 200);
  });
}

test('pages that fail later hold what is intact', async () => {
  await using server = await testServer({}, failingAfter(3, damage));
  const payload = [{ version: 1 }, { version: 2 }, { version: 3 }];
  const stream = await ask(`${server.url}/a`);
  assert.deepEqual(JSON.parse(stream.text), { pagination: { nextOffset: 4 }, payload });
  const feed = await ask(`${server.url}/-/events`);
  assert.deepEqual(JSON.parse(feed.text), { pagination: { nextAfter: 3, caughtUp: false }, payload });
});

test('an unforeseen failure is an internal error that tells nothing, and is logged with its cause', async () => {
  const secret = new Error('secret', { cause: new Error('deeper') });
  await using server = await testServer(
    {},
    failingAfter(0, () => secret),
  );
  const { status, code, text } = await ask(`${server.url}/a`);
  assert.deepEqual([status, code], [500, 'internal-error']);
  assert.ok(!text.includes('secret'));
  const line = JSON.stringify(server.log.find((each) => each.code === 'internal-error'));
  assert.match(line, /secret/);
  assert.match(line, /deeper/);
});

test('a version below the head that is not delivered was lost', async () => {
  async function* behindTheLoss() {
    yield batch(3);
  }
  await using server = await testServer({}, engineWith({ readStream: behindTheLoss, streamVersion: async () => 3 }));
  const lost = await ask(`${server.url}/a/2`);
  assert.deepEqual([lost.status, lost.code], [410, 'event-lost']);
  assert.equal((await ask(`${server.url}/a/2`, { method: 'HEAD' })).status, 410);
  assert.equal((await ask(`${server.url}/a/3`)).text, '{"version":3}');
  const missing = await ask(`${server.url}/a/4`);
  assert.deepEqual([missing.status, missing.code], [404, 'event-not-found']);
});

test('a reader that leaves ends the read', async () => {
  const ended = Promise.withResolvers<void>();
  async function* endless() {
    try {
      for (let through = 1; ; through++) yield batch(through);
    } finally {
      ended.resolve();
    }
  }
  await using server = await testServer({}, engineWith({ readFeed: endless }));
  const controller = new AbortController();
  const response = await fetch(`${server.url}/-/events`, { ...asLines, signal: controller.signal });
  assert.equal(response.status, 200);
  controller.abort();
  await ended.promise;
  assert.equal(server.log.length, 1, 'nothing but the start');
});
