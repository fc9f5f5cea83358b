/** Subscriptions as the server keeps them: alive, counted, ended with their cursor, cut where a read fails. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { type Clock, EventStoreError, type ReadFeedRequest, type StreamId, systemClock } from '@event-store/core';
import { openMemoryEngine } from '@event-store/engine-memory';
import { append, ask, engineWith, testServer } from './running-server.ts';

const eventStream = { accept: 'text/event-stream' };

/** A subscriber over HTTP/1.0, whose answer has no frames within it. */
async function subscriber(port: number, path: string) {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8');
  let text = '';
  let changed = () => {};
  const ended = new Promise<string>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    socket.on('end', () => resolve('complete'));
  });
  socket.on('data', (chunk) => {
    text += chunk;
    changed();
  });
  socket.write(`GET ${path} HTTP/1.0\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`);
  const until = async (part: string) => {
    while (!text.includes(part)) {
      await new Promise<void>((resolve) => {
        changed = resolve;
      });
    }
    return text;
  };
  return { socket, ended, until, text: () => text };
}

async function figure(url: string, name: string): Promise<number> {
  const { text } = await ask(`${url}/-/metrics`);
  return Number(new RegExp(`^event_store_${name} (\\d+)$`, 'm').exec(text)?.[1]);
}

/** A clock whose long timers are started by hand. */
function handClock() {
  const due: { readonly delayMs: number; readonly action: () => void }[] = [];
  const clock: Clock = {
    ...systemClock,
    after(delayMs, action) {
      if (delayMs < 15_000) return systemClock.after(delayMs, action);
      const timer = { delayMs, action };
      due.push(timer);
      return { cancel: () => void due.splice(due.indexOf(timer) >>> 0, 1) };
    },
  };
  return { clock, due, tick: () => due.splice(0).map(({ action }) => action()) };
}

test('a comment is sent every 15 seconds, by one timer for all, as long as there are subscribers', async () => {
  const { clock, due, tick } = handClock();
  await using server = await testServer({ clock });
  const all = [await subscriber(server.port, '/a'), await subscriber(server.port, '/-/events')];
  for (const each of all) await each.until('caught-up');
  assert.deepEqual(
    due.map(({ delayMs }) => delayMs),
    [15_000],
  );
  for (let beats = 1; beats <= 3; beats++) {
    tick();
    for (const each of all) await each.until(`\n\n${':\n\n'.repeat(beats)}`);
  }
  for (const { socket } of all) socket.destroy();
  while ((await figure(server.url, 'subscribers')) > 0);
  tick();
  assert.equal(due.length, 0);
});

test('stopping tells each subscriber its cursor and ends its answer as complete', async () => {
  const engine = openMemoryEngine();
  const streamVersion = engine.streamVersion.bind(engine);
  const asked = Promise.withResolvers<void>();
  const openEngine = async () =>
    Object.assign(engine, {
      streamVersion: (streamId: StreamId) => {
        if (streamId === 'polled') asked.resolve();
        return streamVersion(streamId);
      },
    });
  await using server = await testServer({}, openEngine);
  await ask(`${server.url}/a`, append);
  const ofStream = await subscriber(server.port, '/a');
  const ofFeed = await subscriber(server.port, '/-/events?type=Other');
  const beyond = await subscriber(server.port, '/a?offset=8');
  for (const each of [ofStream, ofFeed, beyond]) await each.until('caught-up');
  const polling = ask(`${server.url}/polled?wait=60`);
  await asked.promise;
  const startedMs = performance.now();
  await server.stop();
  assert.ok(performance.now() - startedMs < 5_000, 'nobody was waited for');
  assert.deepEqual(await Promise.all([ofStream.ended, ofFeed.ended, beyond.ended]), Array(3).fill('complete'));
  assert.ok(ofStream.text().endsWith('event: cursor\nid: 1\ndata: {"version":1}\n\n'));
  assert.ok(ofFeed.text().endsWith('event: cursor\nid: 1\ndata: {"position":1}\n\n'));
  assert.ok(beyond.text().endsWith('event: cursor\nid: 7\ndata: {"version":7}\n\n'));
  assert.deepEqual(JSON.parse((await polling).text), { pagination: { nextOffset: 1 }, payload: [] });
});

test('a read that fails is a problem before the first message, and cuts the connection later', async () => {
  const engine = openMemoryEngine();
  const read = engine.readFeed.bind(engine);
  let isDamaged = false;
  const readFeed = (request: ReadFeedRequest) => {
    if (isDamaged) throw new EventStoreError('event-corrupt', 'Damaged.');
    return read(request);
  };
  await using server = await testServer({}, async () => Object.assign(engine, { readFeed }));
  const all = [await subscriber(server.port, '/-/events'), await subscriber(server.port, '/-/events')];
  for (const each of all) await each.until('caught-up');
  isDamaged = true;
  await ask(`${server.url}/a`, append);
  for (const each of all) assert.equal(await each.ended, 'ECONNRESET');
  const refused = await ask(`${server.url}/-/events`, { headers: eventStream });
  assert.deepEqual([refused.status, refused.code], [500, 'event-corrupt']);
  isDamaged = false;
  const again = await subscriber(server.port, '/-/events');
  await again.until('id: 1\n');
  again.socket.destroy();
});

test('who asks for the same is read for once', async () => {
  const reads: number[] = [];
  const engine = openMemoryEngine();
  const read = engine.readFeed.bind(engine);
  const readFeed = (request: ReadFeedRequest) => {
    reads.push(request.after);
    return read(request);
  };
  await using server = await testServer({}, async () => Object.assign(engine, { readFeed }));
  const all = await Promise.all(Array.from({ length: 50 }, () => subscriber(server.port, '/-/events')));
  for (const each of all) await each.until('caught-up');
  reads.length = 0;
  await ask(`${server.url}/a`, append);
  for (const each of all) await each.until('id: 1\n');
  assert.deepEqual(reads, [0]);
  assert.equal(await figure(server.url, 'subscribers'), 50);
  assert.equal(await figure(server.url, 'delivered_events_total'), 50);
  assert.equal(await figure(server.url, 'subscriber_lag_events_max'), 0);
  for (const { socket } of all) socket.destroy();
});

test('a subscriber that takes nothing is behind, then dropped, and beside it others are served', {
  timeout: 30_000,
}, async () => {
  await using server = await testServer({ timeouts: { stallMs: 1_500 } });
  const slow: Socket = connect(server.port, '127.0.0.1').pause();
  slow.on('error', () => slow.destroy());
  slow.write('GET /-/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n');
  await once(slow, 'connect');
  while ((await figure(server.url, 'subscribers')) < 1);
  const quick = await subscriber(server.port, '/-/events');
  const body = JSON.stringify(Array(10).fill({ type: 'T', data: Buffer.alloc(200_000).toString('base64') }));
  let events = 0;
  let lag = 0;
  while ((await figure(server.url, 'subscribers_dropped_total')) === 0) {
    lag = Math.max(lag, await figure(server.url, 'subscriber_lag_events_max'));
    if (events >= 100) continue;
    assert.equal((await ask(`${server.url}/a`, { method: 'POST', body })).status, 200);
    events += 10;
    await quick.until(`id: ${events}\n`);
  }
  assert.ok(lag > 0);
  assert.equal(await figure(server.url, 'subscribers'), 1);
  for (const socket of [slow, quick.socket]) socket.destroy();
});

test('while the server stops nobody can subscribe', async () => {
  const begun = Promise.withResolvers<void>();
  const rest = Promise.withResolvers<number>();
  const streamVersion = () => {
    begun.resolve();
    return rest.promise;
  };
  await using server = await testServer({}, engineWith({ streamVersion }));
  const underWay = ask(`${server.url}/a`);
  await begun.promise;
  const stopping = server.stop();
  const refused = await ask(`${server.url}/-/events`, { headers: eventStream });
  assert.deepEqual([refused.status, refused.code], [503, 'draining']);
  rest.resolve(0);
  assert.equal((await underWay).status, 200);
  await stopping;
});
