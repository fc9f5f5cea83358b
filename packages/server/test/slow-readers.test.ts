/**
 * Clients that ask for much and take nothing are dropped; those that take it slowly are served to the end.
 * Shows P-18.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { ask, engineWith, testServer } from './running-server.ts';

const timeouts = { stallMs: 300 };
const block = Buffer.from(`${JSON.stringify({ text: 'x'.repeat(500_000) })}\n`);

function endless() {
  let ended = () => {};
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  async function* read() {
    try {
      for (let through = 1; ; through++) yield { lines: block, count: 1, through, caughtUp: false };
    } finally {
      ended();
    }
  }
  return { end, open: engineWith({ readFeed: read, readStream: read, streamVersion: async () => 9 }) };
}

async function openConnections(url: string): Promise<number> {
  const { text } = await ask(`${url}/-/metrics`);
  return Number(/^event_store_http_connections (\d+)$/m.exec(text)?.[1]);
}

for (const accept of ['application/x-ndjson', 'application/json']) {
  test(`a reader of ${accept} that takes nothing is dropped`, { timeout: 20_000 }, async () => {
    const feed = endless();
    await using server = await testServer({ timeouts }, feed.open);
    const socket = connect(server.port, '127.0.0.1');
    socket.pause();
    socket.on('error', () => socket.destroy());
    socket.write(`GET /-/events HTTP/1.1\r\nHost: localhost\r\nAccept: ${accept}\r\n\r\n`.repeat(8));
    await once(socket, 'connect');
    const own = 1;
    while ((await openConnections(server.url)) > own);
    socket.destroy();
  });
}

test('a reader that takes a little now and then is not dropped', async () => {
  const feed = endless();
  await using server = await testServer({ timeouts }, feed.open);
  const socket = connect({ port: server.port, host: '127.0.0.1' });
  socket.on('error', () => socket.destroy());
  socket.write('GET /-/events HTTP/1.1\r\nHost: localhost\r\nAccept: application/x-ndjson\r\n\r\n');
  const startedMs = performance.now();
  while (performance.now() - startedMs < timeouts.stallMs * 3) {
    const [chunk] = await once(socket, 'data');
    assert.ok(chunk.length > 0);
  }
  socket.destroy();
  await feed.end;
});
