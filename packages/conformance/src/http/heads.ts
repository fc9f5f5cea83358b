/** `HEAD` has the head that `GET` has, whatever that answers, and no body (RFC 9110 section 9.3.2). */
import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import type { HttpSuite } from './http-suite.ts';
import { sampleEvents } from './sample-events.ts';
import { streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

const lines = { accept: 'application/x-ndjson' };

export function testHeads({ describe, it, client, capabilities }: HttpSuite): void {
  describe('HEAD', () => {
    async function sameHead(path: string, expected: number, headers: IncomingHttpHeaders = {}): Promise<void> {
      const [got, head] = [await client.get(path, {}, headers), await client.send({ method: 'HEAD', path, headers })];
      assert.deepEqual([head.status, head.text], [expected, ''], path);
      assert.deepEqual(head.headers['content-length'], got.headers['content-length'], path);
      assert.deepEqual(ofMessage(head.headers), ofMessage(got.headers), path);
    }

    it('of a stream is that of GET, in each form', async () => {
      const path = streamPath(uniqueName('head'));
      await sameHead(path, 200);
      await client.post(path, sampleEvents(3));
      for (const query of ['', '?limit=2', '?offset=9', '?direction=backward']) await sameHead(path + query, 200);
      await sameHead(path, 200, lines);
      await sameHead(path, 304, { 'if-none-match': 'W/"3"' });
      await sameHead(`${path}?offset=x`, 400);
    });

    it('of an event is that of GET', async () => {
      const streamId = uniqueName('head');
      await client.append(streamId, sampleEvents(1));
      await sameHead(streamPath(streamId, 1), 200);
      await sameHead(streamPath(streamId, 2), 404);
    });

    for (const path of ['/', '/-/health/live', '/-/limits', '/-/openapi.json']) {
      it(`of ${path} is that of GET`, () => sameHead(path, 200));
    }

    it('of /-/metrics has a length, too', async () => {
      const { status, headers, text } = await client.send({ method: 'HEAD', path: '/-/metrics' });
      assert.deepEqual([status, text], [200, '']);
      assert.ok(Number(headers['content-length']) > 0);
    });

    if (capabilities.listsStreams) {
      it('of the list of streams is that of GET', async () => {
        const streamId = uniqueName('head');
        await client.append(streamId, sampleEvents(1));
        await sameHead(`/-/streams?prefix=${streamId}`, 200);
      });
    }

    if (!capabilities.feed) return;
    it('of the feed is that of GET, in each form', async () => {
      const streamPrefix = uniqueName('head');
      await client.append(streamPrefix, sampleEvents(3));
      await sameHead('/-/events?limit=1', 200);
      await sameHead('/-/events?limit=1', 200, lines);
      for (const headers of [{}, lines, { accept: 'text/event-stream' }]) {
        await sameHead(`/-/events?after=${Number.MAX_SAFE_INTEGER}`, 400, headers);
      }
    });
  });
}

/** Without what belongs to the connection, or to the moment. */
function ofMessage(headers: IncomingHttpHeaders): Partial<IncomingHttpHeaders> {
  const ofConnection = ['connection', 'keep-alive', 'transfer-encoding', 'date'];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.includes(name)));
}
