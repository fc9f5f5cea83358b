/**
 * Reads in the lane beside node:http: nobody can tell who answered, and no client harms another.
 * Shows P-18.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import type { StorageEngine } from '@event-store/core';
import { openLogEngine } from '@event-store/engine-log';
import { openMemoryEngine } from '@event-store/engine-memory';
import { ask } from './one-connection.ts';
import { ask as askOnce, engineWith, testServer } from './running-server.ts';

const get = (target: string, headers = '') => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;
const event = '{"type":"Größe","data":"QQ=="}';
const post = (target: string, events: number) => {
  const body = `[${Array.from({ length: events }, () => event).join(',')}]`;
  return `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};

const queries = ['', '?', '?limit=2', '?offset=3&limit=2', '?limit=2&offset=6', '?offset=8', '?offset=99', '?offset=0'];
const backward = ['', '&limit=2', '&limit=3&offset=4', '&offset=0', '&offset=1', '&offset=99'];
const wrong = [
  '?limit=0',
  '?limit=1&limit=2',
  '?limit=1001',
  '?direction=up',
  '?offset=01',
  '?offset=x',
  '?no=1',
  '?wait=x',
];
const paths = [
  ...queries.flatMap((query) => [`/a${query}`, `/missing${query}`, `/caf%C3%A9${query}`]),
  ...backward.flatMap((query) => [`/a?direction=backward${query}`, `/missing?direction=backward${query}`]),
  ...['/a?wait=1', '/a?wait=1&offset=2', '/a?direction=forward', '/a?limit=%32', '/a?&limit=2&', '/a?limit', '/a#x'],
  ...wrong.map((query) => `/a${query}`),
  ...['/a/1', '/a/7', '/a/8', '/a/0', '/a/01', '/a/x', '/a/1?limit=1', '/a/', '/a/1/', '/%ff', '/.', '/', '/-', '//'],
  ...['/caf%C3%A9/1', '/-/limits', '/missing/1', '/a/9007199254740993', `/${'a'.repeat(513)}`, '/a%00'],
];
const harmless = ['', 'Accept: */*\r\nUser-Agent: test\r\n', 'Accept: application/json\r\nConnection: keep-alive\r\n'];

/** Where, among others, the lane is to have asked the engine. */
const served = ['/a', '/a?limit=2', '/a?direction=backward', '/a/7', '/missing', '/caf%C3%A9'];

for (const name of ['memory', 'log'] as const) {
  test(`the lane and node:http answer reads in the same bytes: ${name}`, async (context) => {
    const atOnce = { asked: 0, answered: 0 };
    const directory = mkdtempSync(`${tmpdir()}/plain-reads-`);
    context.after(() => rmSync(directory, { recursive: true }));
    const engine = name === 'memory' ? openMemoryEngine() : await openLogEngine({ directory });
    const countedEngine = counted(engine, atOnce);
    await using server = await testServer({}, async () => countedEngine);
    const socket = connect(server.port, '127.0.0.1');
    for (const request of [post('/a', 3), post('/caf%C3%A9', 2), post('/a', 4)]) await ask(socket, request);
    for (const path of paths) {
      for (const headers of harmless) {
        const [direct, general] = [connect(server.port, '127.0.0.1'), connect(server.port, '127.0.0.1')];
        const before = atOnce.asked;
        const fromLane = await ask(direct, get(path, headers));
        const wasAsked = atOnce.asked > before;
        assert.ok(wasAsked || !served.includes(path), `${path} is for the lane`);
        assert.equal(undated(fromLane), undated(await ask(general, get(path, `${headers}X-Unknown: 1\r\n`))), path);
        for (const each of [direct, general]) each.destroy();
      }
    }
    assert.equal(atOnce.answered > 0, name === 'log');
    socket.destroy();
  });
}

/** Notes what the engine is asked to read at once, also where it cannot. */
function counted(engine: StorageEngine, counts: { asked: number; answered: number }): StorageEngine {
  const readStreamAtOnce = engine.readStreamAtOnce?.bind(engine);
  return Object.assign(engine, {
    readStreamAtOnce: (...request: Parameters<NonNullable<StorageEngine['readStreamAtOnce']>>) => {
      counts.asked++;
      const part = readStreamAtOnce?.(...request);
      if (part !== undefined) counts.answered++;
      return part;
    },
  });
}

function undated(answer: string): string {
  assert.match(answer, /^Date: .*\r$/m);
  return answer.replace(/^Date: .*\r$/m, 'Date');
}

const lineBytes = 400_000;
/** As many as fit a page: sockets do not take so much from a client that reads nothing. */
const pageEvents = 10;

/** An engine with long events of one letter in every stream: one that is read at once, more that are waited for. */
const largeEvents = engineWith({
  readStreamAtOnce: ({ streamId, limit }, into) => {
    if (limit > 1) return undefined;
    into.set(Buffer.from(lineOf(streamId)));
    return { version: pageEvents, lineEnds: [lineBytes] };
  },
  readStream: async function* ({ streamId, limit = pageEvents }) {
    const lines = Buffer.from(lineOf(streamId));
    for (let through = 1; through <= Math.min(limit, pageEvents); through++) yield { lines, count: 1, through };
  },
  streamVersion: async () => pageEvents,
});

function lineOf(streamId: string): string {
  const [start, end] = ['{"data":"', '"}\n'];
  return start + streamId.repeat(lineBytes - start.length - end.length) + end;
}

function pageOf(streamId: string, events: number): string {
  const payload = Array.from({ length: events }, () => lineOf(streamId).slice(0, -1)).join(',');
  return `{"pagination":{"nextOffset":${events + 1}},"payload":[${payload}]}`;
}

/** A client that asks one request after the other and takes nothing. */
async function greedyClient({ url, port }: { url: string; port: number }, targets: readonly string[]) {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  await once(socket, 'connect');
  socket.pause();
  for (const target of targets) {
    socket.write(get(target));
    // What comes on two connections at the same time is looked at in any order.
    for (let turn = 0; turn < 2; turn++) await askOnce(`${url}/-/health/live`);
  }
  return socket;
}

async function connectionsTo(url: string): Promise<number> {
  const { text } = await askOnce(`${url}/-/metrics`);
  return Number(/^event_store_http_connections (\d+)$/m.exec(text)?.[1]);
}

async function answersOf(url: string, status: number): Promise<number> {
  const { text } = await askOnce(`${url}/-/metrics`);
  return Number(
    new RegExp(`^event_store_http_answers_total\\{status="${status}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0,
  );
}

const targets = { 'read at once': '/a?limit=1', 'waited for': `/a?limit=${pageEvents}` };

for (const [name, target] of Object.entries(targets)) {
  test(`a client that takes nothing of its pages is dropped: ${name}`, { timeout: 20_000 }, async () => {
    await using server = await testServer({ timeouts: { stallMs: 300 } }, largeEvents);
    const socket = await greedyClient(server, new Array(32).fill(target));
    const own = 1;
    while ((await connectionsTo(server.url)) > own);
    socket.destroy();
  });
}

test('pages that are read at the same time are refused beyond what can be held', { timeout: 20_000 }, async () => {
  const begun = new Set<string>();
  const waiting: (() => void)[] = [];
  const { readStream } = await largeEvents();
  const together = engineWith({
    readStreamAtOnce: () => undefined,
    readStream: async function* (request) {
      begun.add(request.streamId);
      await new Promise<void>((resolve) => waiting.push(resolve));
      yield* readStream(request);
    },
    streamVersion: async () => pageEvents,
  });
  await using server = await testServer({}, together);
  const clients = new Map<string, Socket>();
  for (const letter of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')
    clients.set(letter, await greedyClient(server, [`/${letter}?limit=${pageEvents}`]));
  // The sockets themselves take a page or two, which are not held.
  for (;;) {
    const letters = [...begun];
    begun.clear();
    for (const go of waiting.splice(0)) go();
    if ((await answersOf(server.url, 503)) > 0) break;
    for (const letter of letters) clients.get(letter)?.write(get(`/${letter}?limit=${pageEvents}`));
  }
  for (const socket of clients.values()) socket.destroy();
});

test('what one client has not taken yet is not written over by the answers to others', async () => {
  await using server = await testServer({}, largeEvents);
  const asked = new Array(32).fill('/a?limit=1');
  const late = await greedyClient(server, asked);
  const other = connect(server.port, '127.0.0.1');
  const others = [await ask(other, get('/b?limit=1')), await ask(other, get('/b?limit=1'))];
  assert.ok(others.every((answer) => answer.endsWith(pageOf('b', 1))));
  const bytes = asked.length * (others[0] as string).length;
  let received = '';
  for await (const chunk of late) {
    received += chunk;
    if (received.length >= bytes) break;
  }
  const answers = received.split(/(?=HTTP\/1\.1 200 OK\r\n)/);
  assert.equal(answers.length, asked.length);
  assert.ok(answers.every((answer) => answer.endsWith(pageOf('a', 1))));
  other.destroy();
});

test('stopping sends to the end what a client is slow to take', async () => {
  const server = await testServer({}, largeEvents);
  const socket = await greedyClient(server, [targets['waited for']]);
  const stopped = server.stop();
  let received = '';
  for await (const chunk of socket) received += chunk;
  await stopped;
  assert.match(received, /^HTTP\/1\.1 200 OK\r\n/);
  assert.ok(received.endsWith(pageOf('a', pageEvents)));
});
