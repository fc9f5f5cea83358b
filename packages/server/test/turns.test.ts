/** Requests of one connection begin one after another, and not at all once nobody is left to be answered. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { AppendResult } from '@event-store/core';
import { Turns } from '../src/http/turns.ts';
import { ask, engineWith, testServer } from './running-server.ts';

const post = 'POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 22\r\n\r\n{"type":"T","data":""}';
const get = 'GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n';
const last = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
const streams = [{ streamId: 'a' as never, firstVersion: 1, version: 1, position: 1 }] as const;

/** An engine whose appends wait until they are let go, and which counts them and the reads. */
function slowEngine() {
  const seen = { appends: 0, reads: 0 };
  const begun = Promise.withResolvers<void>();
  const result = Promise.withResolvers<AppendResult>();
  const open = engineWith({
    append: () => {
      seen.appends++;
      begun.resolve();
      return result.promise;
    },
    streamVersion: async () => {
      seen.reads++;
      return 0;
    },
  });
  return { open, seen, begun: begun.promise, finish: () => result.resolve({ outcome: 'appended', streams }) };
}

function send(port: number, bytes: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  socket.write(bytes);
  return socket;
}

function statusesIn(received: string): string[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => `${status}`);
}

/** Until the server has only this many connections, that of the question included. */
async function connectionsAre(url: string, count: number): Promise<void> {
  const line = `\nevent_store_http_connections ${count}\n`;
  while (!(await ask(`${url}/-/metrics`)).text.includes(line));
}

test('a request begins when the one before it on its connection has been answered', async () => {
  const engine = slowEngine();
  await using server = await testServer({}, engine.open);
  const answers = text(send(server.port, post + get + post + last));
  await engine.begun;
  await ask(`${server.url}/`);
  assert.deepEqual(engine.seen, { appends: 1, reads: 0 });
  engine.finish();
  assert.deepEqual(statusesIn(await answers), ['200', '200', '200', '200']);
  assert.deepEqual(engine.seen, { appends: 2, reads: 1 });
});

test('what waits when its client goes away never begins', async () => {
  const engine = slowEngine();
  await using server = await testServer({}, engine.open);
  const socket = send(server.port, post + post + get);
  await engine.begun;
  socket.resetAndDestroy();
  await connectionsAre(server.url, 1);
  engine.finish();
  await ask(`${server.url}/`);
  assert.deepEqual(engine.seen, { appends: 1, reads: 0 });
});

test('stopping answers what waits, and is not held up by those who went away', async () => {
  const engine = slowEngine();
  await using server = await testServer({}, engine.open);
  const answers = text(send(server.port, post + get));
  const gone = send(server.port, post + get);
  await engine.begun;
  await connectionsAre(server.url, 3);
  while (engine.seen.appends < 2) await ask(`${server.url}/`);
  const stopping = server.stop();
  gone.resetAndDestroy();
  await connectionsAre(server.url, 2);
  engine.finish();
  assert.deepEqual(statusesIn(await answers), ['200', '200']);
  await stopping;
});

test('a body that arrives while its request waits is taken', async () => {
  const engine = slowEngine();
  await using server = await testServer({}, engine.open);
  const large = `{"type":"T","data":"${'A'.repeat(300_000)}"}`;
  const head = `POST /b HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${large.length}\r\n\r\n`;
  const socket = send(server.port, post + head);
  const answers = text(socket);
  await engine.begun;
  socket.write(large + last);
  engine.finish();
  assert.deepEqual(statusesIn(await answers), ['200', '200', '200']);
});

test('however many are sent without waiting, few are read ahead, and all are answered', async () => {
  const count = 10_000;
  const first = Promise.withResolvers<void>();
  let [begun, arrived, answered, aheadMax] = [0, 0, 0, 0];
  const turns = new WeakMap<Socket, Turns>();
  const server = createServer((request, response) => {
    arrived++;
    aheadMax = Math.max(aheadMax, arrived - answered);
    const ofSocket = turns.get(request.socket) ?? new Turns(request.socket);
    turns.set(request.socket, ofSocket);
    response.on('close', () => answered++);
    ofSocket.take(response, async () => {
      if (begun++ === 0) await first.promise;
      // Reading a body makes Node.js resume the socket.
      await text(request);
      response.end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = send((server.address() as AddressInfo).port, post.repeat(count));
  const answers = text(socket);
  while (arrived < 16) await new Promise(setImmediate);
  first.resolve();
  socket.write(last);
  assert.equal(statusesIn(await answers).length, count + 1);
  server.close();
  assert.ok(aheadMax > 16 && aheadMax < 2_000, `${aheadMax}`);
});

test('what waits behind a subscription is answered when the server stops', async () => {
  await using server = await testServer();
  const socket = send(server.port, get.replace('\r\n\r\n', '\r\nAccept: text/event-stream\r\n\r\n') + get);
  await once(socket, 'data');
  const answers = text(socket);
  await ask(`${server.url}/`);
  await server.stop();
  assert.deepEqual(statusesIn(await answers), ['200']);
});
