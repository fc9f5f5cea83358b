/** Subscribers beside a server that ends in any way, and a server beside subscribers that never read. Shows P-15. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { append, serveIn, startedStore } from './support/store.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const event = { type: 'Noted', data: '' };

/** Takes events from one connection until it ends, however it does. */
async function takeUntilItEnds(url: string, taken: number[], told: () => void): Promise<void> {
  let rest = '';
  const headers = { Accept: 'text/event-stream', 'Last-Event-ID': `${taken.length}` };
  try {
    const { body } = await fetch(`${url}/-/events`, { headers });
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const messages = (rest + chunk).split('\n\n');
      rest = messages.pop() ?? '';
      for (const message of messages) {
        if (message.startsWith('id: ')) taken.push(Number(/^id: (\d+)/.exec(message)?.[1]));
      }
      told();
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

test('a server that ends under its subscribers costs them no event and gives them none twice', async (context) => {
  const data = join(temporaryDirectory(context), 'data');
  const subscribers = Array.from({ length: 8 }, () => [] as number[]);
  let appended = 0;
  for (const signal of ['SIGTERM', 'SIGKILL', 'SIGTERM', 'SIGKILL'] as const) {
    const { url, end } = await startedStore(context, { args: [...serveIn(data), '--segment-bytes', '4096'] });
    let changed = () => {};
    const taking = subscribers.map((taken) => takeUntilItEnds(url, taken, () => changed()));
    const enough = appended + 50;
    while (appended < enough) appended = (await append(`${url}/noted`, [event, event, event])).position;
    while (subscribers.some(({ length }) => length < enough - 20)) {
      await new Promise<void>((resolve) => {
        changed = resolve;
      });
    }
    const { code } = await end(signal);
    if (signal === 'SIGTERM') assert.equal(code, 0);
    await Promise.all(taking);
  }
  const { url, end } = await startedStore(context, { args: serveIn(data) });
  let changed = () => {};
  const taking = subscribers.map((taken) => takeUntilItEnds(url, taken, () => changed()));
  while (subscribers.some(({ length }) => length < appended)) {
    await new Promise<void>((resolve) => {
      changed = resolve;
    });
  }
  await end('SIGTERM');
  await Promise.all(taking);
  const expected = Array.from({ length: appended }, (_, index) => index + 1);
  for (const taken of subscribers) assert.deepEqual(taken, expected);
});

const subscribersThatNeverRead = 200;
/** What each may hold, over what the server takes by itself for so many events. */
const mebibytesEach = 1;

test('200 subscribers that never read cost at most a mebibyte each', async (context) => {
  const { url, port, processId } = await startedStore(context, {
    args: serveIn(join(temporaryDirectory(context), 'data')),
  });
  const sockets = await Promise.all(Array.from({ length: subscribersThatNeverRead }, () => neverReading(port)));
  context.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  const content = Buffer.alloc(10_000).toString('base64');
  const events = Array.from({ length: 100 }, () => ({ type: 'Noted', data: content }));
  await append(`${url}/noted`, events);
  const before = anonymousMiB(processId);
  for (let count = 0; count < 20; count++) await append(`${url}/noted`, events);
  const lag = /^event_store_subscriber_lag_events_max (\d+)$/m.exec(
    await (await fetch(`${url}/-/metrics`)).text(),
  )?.[1];
  assert.ok(Number(lag) > 0, 'they are behind');
  assert.ok(anonymousMiB(processId) - before < subscribersThatNeverRead * mebibytesEach);
});

async function neverReading(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').pause();
  await once(socket, 'connect');
  socket.write('GET /-/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n');
  return socket;
}

function anonymousMiB(processId: number): number {
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))?.[1]) / 1024;
}
