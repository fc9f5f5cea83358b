/** Resuming: cut at any byte, a subscription goes on so that each event is taken exactly once. */
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { feedEnd } from '../feed-reading.ts';
import type { HttpSuite } from '../http-suite.ts';
import { numbersTo, sampleEvent, sampleEvents } from '../sample-events.ts';
import { streamPath } from '../store-client.ts';
import { uniqueName } from '../unique-name.ts';
import { type Message, readMessages, subscribe } from './event-stream.ts';

const eventCount = 20;
/** So many connections are cut at a time. */
const atOnce = 16;

export function testResumedSubscriptions(suite: HttpSuite): void {
  const { describe, it, client, capabilities } = suite;
  describe('subscriptions that are resumed', () => {
    it('after each byte of a stream of 20 events take each event once', async () => {
      const streamId = uniqueName('resume');
      await client.append(streamId, sampleEvents(eventCount, { data: '' }));
      await cutAtEachByte(suite, { path: streamPath(streamId), expected: numbersTo(eventCount) });
    });

    it('go on behind the last id, while appends go on', async () => {
      const streamId = uniqueName('resume');
      const taken: number[] = [];
      for (let round = 0; round < 50; round++) {
        const appended = client.append(streamId, sampleEvents(3));
        const headers = { 'last-event-id': `${taken.length}` };
        const subscription = await subscribe(suite, streamPath(streamId), { headers });
        await subscription.untilEvents(1 + (round % 3));
        taken.push(...subscription.events.map(({ version }) => version));
        subscription.close();
        await appended;
      }
      assert.deepEqual(taken, numbersTo(taken.length));
    });

    if (!capabilities.feed) return;

    it('go on from the cursor of a message without an event', async () => {
      const after = await feedEnd(client);
      const streamPrefix = uniqueName('resume');
      await client.append(uniqueName('other'), sampleEvents(5));
      const first = await subscribe(suite, '/-/events', { query: { after, streamPrefix } });
      await first.untilCaughtUp(after + 5);
      first.close();
      const headers = { 'last-event-id': `${first.lastId}` };
      const second = await subscribe(suite, '/-/events', { query: { streamPrefix }, headers });
      await client.append(streamPrefix, sampleEvent());
      await second.untilCaughtUp(after + 6);
      assert.deepEqual(second.messages.map(({ event, id }) => [event, id]).slice(-2), [
        [undefined, after + 6],
        ['caught-up', after + 6],
      ]);
      second.close();
    });
  });
}

interface Cut {
  readonly path: string;
  readonly expected: readonly number[];
}

async function cutAtEachByte(suite: HttpSuite, { path, expected }: Cut): Promise<void> {
  const bytes = await bytesUntilCaughtUp(suite, path);
  let next = 1;
  const worker = async () => {
    for (let count = next++; count <= bytes; count = next++) {
      const before = await messagesWithin(suite, { path, bytes: count });
      const after = await messagesWithin(suite, { path, lastEventId: before.at(-1)?.id });
      const ids = [...before, ...after].filter(({ event }) => event === undefined).map(({ id }) => id);
      assert.deepEqual(ids, expected, `cut after ${count} bytes`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function bytesUntilCaughtUp(suite: HttpSuite, path: string): Promise<number> {
  let text = '';
  await readSome(suite, { path }, (chunk) => {
    text += chunk;
    return text.includes('event: caught-up') && text.endsWith('\n\n');
  });
  return Buffer.byteLength(text);
}

/** What a client has whole that takes so many bytes, or all up to the end, and goes. */
async function messagesWithin(
  suite: HttpSuite,
  {
    path,
    lastEventId,
    bytes = Number.POSITIVE_INFINITY,
  }: { path: string; lastEventId?: number | undefined; bytes?: number },
): Promise<readonly Message[]> {
  const messages: Message[] = [];
  let rest = '';
  let room = bytes;
  await readSome(suite, { path, lastEventId }, (chunk) => {
    rest = readMessages(rest + chunk.slice(0, room), (message) => message && messages.push(message));
    room -= chunk.length;
    return room <= 0 || messages.at(-1)?.event === 'caught-up';
  });
  return messages;
}

/**
 * Reads an answer to HTTP/1.0, which has no frames within it, until `isEnough`, and breaks the
 * connection. All of it is ASCII.
 */
function readSome(
  { baseUrl, token }: HttpSuite,
  { path, lastEventId }: { path: string; lastEventId?: number | undefined },
  isEnough: (chunk: string) => boolean,
): Promise<void> {
  const { hostname, port } = new URL(baseUrl());
  const lines = [`GET ${path} HTTP/1.0`, `Host: ${hostname}`, 'Accept: text/event-stream'];
  if (token !== undefined) lines.push(`Authorization: Bearer ${token}`);
  if (lastEventId !== undefined) lines.push(`Last-Event-ID: ${lastEventId}`);
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(Number(port), hostname, () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
    let head: string | undefined = '';
    socket.setEncoding('latin1');
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server ended the subscription')));
    socket.on('data', (data: string) => {
      let chunk = data;
      if (head !== undefined) {
        head += data;
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        chunk = head.slice(end + 4);
        head = undefined;
      }
      if (chunk === '' || !isEnough(chunk)) return;
      socket.removeAllListeners('close');
      socket.destroy();
      resolve();
    });
  });
}
