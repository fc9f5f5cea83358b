/** Appends in the lane beside node:http: what it hands on, when, and that nobody can tell who answered. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import type { AppendResult } from '@event-store/core';
import { EventStoreError } from '@event-store/core';
import { answerOn, ask } from './one-connection.ts';
import { engineWith, testServer } from './running-server.ts';

const body = '{"type":"T","data":""}';
const post = (path: string, headers = '') =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** An answer without what differs from request to request. */
function shape(answer: string): string {
  return answer.replace(/^Date: .*$/m, 'Date').replaceAll(/\d+(?=[,}"]|$)/gm, '#');
}

const result = (version: number): AppendResult => ({
  outcome: 'appended',
  streams: [{ streamId: 'a' as never, firstVersion: version, version, position: version }],
});

/** An engine whose appends wait until they are let go, one by one. */
function gatedEngine() {
  const waiting: { resolve: (result: AppendResult) => void; reject: (error: unknown) => void }[] = [];
  const arrivals: (() => void)[] = [];
  const open = engineWith({
    append: () =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        arrivals.shift()?.();
      }),
  });
  const arrived = () =>
    waiting.length > 0 ? Promise.resolve() : new Promise<void>((resolve) => arrivals.push(resolve));
  return { open, waiting, arrived };
}

test('the lane and node:http answer in the same bytes', async () => {
  await using server = await testServer();
  const socket = connect(server.port, '127.0.0.1');
  const fromLane = await ask(socket, post('/a'));
  const fromHttp = await ask(socket, post('/a', 'X-Unknown: 1\r\n'));
  assert.equal(shape(fromHttp), shape(fromLane));
  const again = connect(server.port, '127.0.0.1');
  const conflictFromLane = await ask(again, post('/a/9'));
  const conflictFromHttp = await ask(again, post('/a/9', 'X-Unknown: 1\r\n'));
  assert.match(conflictFromLane, /^HTTP\/1\.1 409 Conflict\r\n/);
  assert.equal(shape(conflictFromHttp), shape(conflictFromLane));
  for (const each of [socket, again]) each.destroy();
});

test('a connection is handed on with the bytes of the request that is not for the lane', async () => {
  await using server = await testServer();
  const socket = connect(server.port, '127.0.0.1');
  assert.match(await ask(socket, post('/a')), /^HTTP\/1\.1 200 /);
  assert.match(await ask(socket, 'GET /a HTTP/1.1\r\nHost: localhost\r\nX-Unknown: 1\r\n\r\n'), /"version":1/);
  assert.match(await ask(socket, post('/a')), /"version":2/);
  socket.destroy();
});

test('text beyond ASCII comes through both ways', async () => {
  await using server = await testServer();
  const event = '{"type":"Größe €","data":""}';
  const request = (headers: string) =>
    `POST /caf%C3%A9 HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: ${Buffer.byteLength(event)}\r\n\r\n${event}`;
  const socket = connect(server.port, '127.0.0.1');
  const fromLane = await ask(socket, request(''));
  assert.match(fromLane, /"streamId":"café","firstVersion":1/);
  assert.equal(shape(await ask(socket, request('X-Unknown: 1\r\n'))), shape(fromLane));
  assert.match(await ask(socket, 'GET /caf%C3%A9/1 HTTP/1.1\r\nHost: localhost\r\n\r\n'), /"type":"Größe €"/);
  socket.destroy();
});

test('what comes before the answer is served after it', async () => {
  const engine = gatedEngine();
  await using server = await testServer({}, engine.open);
  const socket = connect(server.port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  socket.write(post('/a'));
  await engine.arrived();
  socket.end(`${post('/a')}GET /-/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  engine.waiting.shift()?.resolve(result(1));
  await engine.arrived();
  engine.waiting.shift()?.resolve(result(2));
  await once(socket, 'close');
  assert.deepEqual(received.match(/HTTP\/1\.1 \d{3}|"version":\d/g), [
    'HTTP/1.1 200',
    '"version":1',
    'HTTP/1.1 200',
    '"version":2',
    'HTTP/1.1 404',
  ]);
});

test('a client that has sent its last byte gets its answer', async () => {
  const engine = gatedEngine();
  await using server = await testServer({}, engine.open);
  const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.end(post('/a'));
  await engine.arrived();
  const answer = answerOn(socket);
  engine.waiting.shift()?.resolve(result(1));
  assert.match(await answer, /^HTTP\/1\.1 200 /);
});

test('an append whose client has gone harms nobody', async () => {
  const engine = gatedEngine();
  await using server = await testServer({}, engine.open);
  const socket = connect(server.port, '127.0.0.1');
  socket.write(post('/a'));
  await engine.arrived();
  socket.resetAndDestroy();
  await once(socket, 'close');
  engine.waiting.shift()?.resolve(result(1));
  const other = connect(server.port, '127.0.0.1');
  assert.match(await ask(other, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'), /^HTTP\/1\.1 200 /);
  other.destroy();
});

test('an append that fails is a problem, and the connection goes on', async () => {
  const engine = gatedEngine();
  await using server = await testServer({}, engine.open);
  const socket = connect(server.port, '127.0.0.1');
  const refused = ask(socket, post('/a'));
  await engine.arrived();
  engine.waiting.shift()?.reject(new EventStoreError('disk-full', 'The disk is full.'));
  assert.match(await refused, /^HTTP\/1\.1 507 .*"code":"disk-full"/s);
  const failed = ask(socket, post('/a'));
  await engine.arrived();
  engine.waiting.shift()?.reject(new Error('not meant for anybody'));
  const answer = await failed;
  assert.match(answer, /^HTTP\/1\.1 500 .*"code":"internal-error"/s);
  assert.doesNotMatch(answer, /not meant/);
  assert.equal(server.log.filter(({ code }) => code === 'internal-error').length, 1);
  socket.destroy();
});

test('stopping waits for the append that is under way, and closes idle connections', async () => {
  const engine = gatedEngine();
  const server = await testServer({}, engine.open);
  const idle = connect(server.port, '127.0.0.1');
  await once(idle, 'connect');
  const idleClosed = once(idle, 'close');
  const busy = connect(server.port, '127.0.0.1');
  const answer = ask(busy, post('/a'));
  await engine.arrived();
  const stopped = server.stop();
  await idleClosed;
  engine.waiting.shift()?.resolve(result(1));
  assert.match(await answer, /^HTTP\/1\.1 200 .*Connection: close\r\n/s);
  await stopped;
});

test('a connection on which nothing comes is told so and closed', async () => {
  await using server = await testServer({ timeouts: { headMs: 48, requestMs: 100, stallMs: 100 } });
  const socket = connect(server.port, '127.0.0.1');
  assert.match(await answerOn(socket), /^HTTP\/1\.1 408 .*"code":"request-timeout"/s);
  await once(socket, 'close');
});

test('a request that crosses with the refusal of a silent connection does not run', async () => {
  let appends = 0;
  const append = async () => {
    appends++;
    return result(1);
  };
  const timeouts = { headMs: 48, requestMs: 100, stallMs: 100 };
  await using server = await testServer({ timeouts }, engineWith({ append }));
  const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'readable');
  socket.end(post('/a'));
  assert.match(await answerOn(socket), /^HTTP\/1\.1 408 /);
  await once(socket, 'close');
  assert.equal(appends, 0);
});
