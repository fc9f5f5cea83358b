/** One event by its version. */
import assert from 'node:assert/strict';
import type { RecordedEvent } from '@event-store/core';
import { expectProblem } from './expect-problem.ts';
import type { HttpSuite } from './http-suite.ts';
import { sampleEvents } from './sample-events.ts';
import { expectJson, streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

export function testOneEvent({ describe, it, client }: HttpSuite): void {
  describe('one event', () => {
    it('is the same as on a page', async () => {
      const streamId = uniqueName('one');
      await client.append(streamId, sampleEvents(3));
      const { payload } = await client.streamPage(streamId);
      for (const [index, expected] of payload.entries()) {
        const answer = await client.get(streamPath(streamId, index + 1));
        assert.deepEqual(expectJson<RecordedEvent>(answer), expected);
      }
    });

    it('that does not exist is event-not-found', async () => {
      const streamId = uniqueName('one');
      expectProblem(await client.get(streamPath(streamId, 1)), 'event-not-found');
      await client.append(streamId, sampleEvents(2));
      for (const version of [3, 4, Number.MAX_SAFE_INTEGER]) {
        expectProblem(await client.get(streamPath(streamId, version)), 'event-not-found');
      }
    });

    it('answers HEAD with the status of GET and no body', async () => {
      const streamId = uniqueName('one');
      await client.append(streamId, sampleEvents(1));
      const found = await client.send({ method: 'HEAD', path: streamPath(streamId, 1) });
      assert.deepEqual([found.status, found.text], [200, '']);
      const missing = await client.send({ method: 'HEAD', path: streamPath(streamId, 2) });
      assert.deepEqual([missing.status, missing.text], [404, '']);
    });

    it('must not be kept by caches', async () => {
      const streamId = uniqueName('one');
      await client.append(streamId, sampleEvents(1));
      assert.equal((await client.get(streamPath(streamId, 1))).headers['cache-control'], 'no-store');
    });
  });
}
