/** Stopping: what is under way is answered, nothing new is taken, and every connection ends. Shows P-19. */
import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { test } from 'node:test';
import type { AppendResult } from '@event-store/core';
import { append, ask, engineWith, testServer } from './running-server.ts';

const streams = [{ streamId: 'a' as never, firstVersion: 1, version: 1, position: 1 }];

test('what is under way is answered, new appends are refused, and then the engine is closed', async () => {
  const order: string[] = [];
  const begun = Promise.withResolvers<void>();
  const result = Promise.withResolvers<AppendResult>();
  const openEngine = engineWith({
    append: () => {
      begun.resolve();
      return result.promise;
    },
    close: async () => void order.push('closed'),
  });
  await using server = await testServer({}, openEngine);
  const underWay = ask(`${server.url}/a`, append);
  await begun.promise;
  const stopping = server.stop().then(() => order.push('stopped'));
  const ready = await ask(`${server.url}/-/health/ready`);
  assert.deepEqual([ready.status, JSON.parse(ready.text).reason, ready.headers.connection], [503, 'draining', 'close']);
  const refused = await ask(`${server.url}/a`, append);
  assert.deepEqual([refused.status, refused.code], [503, 'draining']);
  assert.equal((await ask(`${server.url}/a`)).status, 200, 'reads go on');
  order.push('decided');
  result.resolve({ outcome: 'appended', streams });
  const answer = await underWay;
  assert.deepEqual([answer.status, answer.headers.connection], [200, 'close']);
  await stopping;
  assert.deepEqual(order, ['decided', 'closed', 'stopped']);
  await assert.rejects(ask(`${server.url}/`), { code: 'ECONNREFUSED' });
});

test('a large answer that is under way is sent to its end', async () => {
  const line = `${JSON.stringify({ text: 'x'.repeat(1_000_000) })}\n`;
  const batches = 8;
  const begun = Promise.withResolvers<void>();
  const rest = Promise.withResolvers<void>();
  const openEngine = engineWith({
    async *readFeed() {
      for (let through = 1; through <= batches; through++) {
        yield { lines: Buffer.from(line), count: 1, through, caughtUp: through === batches };
        begun.resolve();
        await rest.promise;
      }
    },
  });
  await using server = await testServer({}, openEngine);
  const reading = ask(`${server.url}/-/events`, { headers: { accept: 'application/x-ndjson' } });
  await begun.promise;
  const stopping = server.stop();
  rest.resolve();
  assert.equal((await reading).text.length, batches * line.length);
  await stopping;
});

test('stopping twice is stopping once', async () => {
  let closes = 0;
  await using server = await testServer({}, engineWith({ close: async () => void closes++ }));
  await Promise.all([server.stop(), server.stop()]);
  assert.equal(closes, 1);
});

test('idle connections end at once', async () => {
  await using server = await testServer();
  const agent = new Agent({ keepAlive: true });
  const { headers } = await ask(`${server.url}/`, { agent });
  assert.equal(headers.connection, 'keep-alive');
  const sockets = Object.values(agent.freeSockets).flat();
  assert.equal(sockets.length, 1);
  const ended = new Promise((resolve) => sockets[0]?.once('close', resolve));
  await server.stop();
  await ended;
});
