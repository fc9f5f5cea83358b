/** Several requests on one connection: answers stay in order, and nothing runs behind a fault. Shows P-21. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { AppendRequest, AppendResult } from '@event-store/core';
import { engineWith, testServer } from './running-server.ts';

const post = 'POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 22\r\n\r\n{"type":"T","data":""}';
const streams = [{ streamId: 'a' as never, firstVersion: 1, version: 1, position: 1 }];

/** Statuses of the answers to bytes that are sent at once, until the server closes. */
async function statuses(port: number, bytes: string): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  const received = await text(socket);
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => `${status}`);
}

/** An engine whose appends wait until they are let go. */
function slowEngine() {
  const appends: AppendRequest[] = [];
  const begun = Promise.withResolvers<void>();
  const result = Promise.withResolvers<AppendResult>();
  const open = engineWith({
    append: (request) => {
      appends.push(request);
      begun.resolve();
      return result.promise;
    },
  });
  return { open, appends, begun: begun.promise, finish: () => result.resolve({ outcome: 'appended', streams }) };
}

test('a fault behind an append that is under way is answered after it', async () => {
  const engine = slowEngine();
  await using server = await testServer({}, engine.open);
  const answers = statuses(server.port, `${post}nonsense\r\n\r\n`);
  await engine.begun;
  engine.finish();
  assert.deepEqual(await answers, ['200', '400']);
});

test('a tunnel that is asked for behind an append that is under way is refused after it', async () => {
  const engine = slowEngine();
  await using server = await testServer({}, engine.open);
  const connectRequest = 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n';
  const answers = statuses(server.port, post + post + connectRequest);
  await engine.begun;
  engine.finish();
  assert.deepEqual(await answers, ['200', '200', '400']);
});

test('a fault in a body behind an append that is under way is answered after it, and once', async () => {
  const engine = slowEngine();
  await using server = await testServer({}, engine.open);
  const chunked = 'POST /b HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n';
  const answers = statuses(server.port, post + chunked + post);
  await engine.begun;
  engine.finish();
  assert.deepEqual(await answers, ['200', '400']);
  assert.equal(engine.appends.length, 1);
});

test('a fault in the body of a request that was refused early costs no answer that is on its way', async () => {
  const engine = slowEngine();
  await using server = await testServer({}, engine.open);
  const refused = 'POST /a/b/c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n';
  const answers = statuses(server.port, post + refused + post);
  await engine.begun;
  engine.finish();
  assert.deepEqual(await answers, ['200', '404']);
  assert.equal(engine.appends.length, 1);
});

test('behind a request that is refused for its framing nothing runs', async () => {
  const engine = slowEngine();
  engine.finish();
  await using server = await testServer({}, engine.open);
  const twoHosts = post.replace('Host: localhost', 'Host: localhost\r\nHost: localhost');
  assert.deepEqual(await statuses(server.port, twoHosts + post + post), ['400']);
  assert.equal(engine.appends.length, 0);
});

test('requests in a row on one connection are answered in their order', async () => {
  await using server = await testServer();
  const last = 'GET /-/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  assert.deepEqual(await statuses(server.port, `${post}${post}GET /a/9 HTTP/1.1\r\nHost: localhost\r\n\r\n${last}`), [
    '200',
    '200',
    '404',
    '404',
  ]);
});

test('an answer that was given is not followed by another for the rest of its request', async () => {
  await using server = await testServer({ token: 'sesame' });
  const head = 'POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';
  const socket = connect(server.port, '127.0.0.1');
  socket.write(head);
  const [first] = await once(socket, 'data');
  assert.match(`${first}`, /^HTTP\/1\.1 401 /);
  const more: unknown[] = [];
  socket.on('data', (chunk) => more.push(chunk));
  socket.on('error', () => socket.destroy());
  socket.write('nonsense\r\n');
  await once(socket, 'close');
  assert.deepEqual(more, []);
});

test('a client that asks for a tunnel and resets it harms nobody', async () => {
  await using server = await testServer();
  for (let count = 0; count < 20; count++) {
    const socket = connect(server.port, '127.0.0.1');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n', () => socket.resetAndDestroy());
    await closed;
  }
  assert.deepEqual(await statuses(server.port, 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n'), ['400']);
});

test('a connection that closes behind a refusal still reads it, however much it has sent', async () => {
  await using server = await testServer();
  const bytes = 64 * 1024 * 1024;
  const head = `POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${bytes}\r\n\r\n`;
  assert.deepEqual(await statuses(server.port, head + ' '.repeat(bytes)), ['413']);
});
