/** NDJSON of a stream: all of it, one event a line, the same events as the pages. */
import assert from 'node:assert/strict';
import type { RecordedEvent } from '@event-store/core';
import { expectProblem } from './expect-problem.ts';
import type { HttpSuite } from './http-suite.ts';
import { numbersTo, sampleEvent, sampleEvents, versionsOf } from './sample-events.ts';
import { expectLines, streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

const accept = { accept: 'application/x-ndjson' };

export function testNdjson({ describe, it, client }: HttpSuite): void {
  describe('NDJSON of a stream', () => {
    it('is the same as the pages', async () => {
      const streamId = uniqueName('ndjson');
      await client.append(streamId, sampleEvents(20));
      const { payload } = await client.streamPage(streamId, { limit: 1000 });
      assert.deepEqual(expectLines(await client.get(streamPath(streamId), {}, accept)), payload);
    });

    it('is not limited to one page', async () => {
      const streamId = uniqueName('ndjson');
      for (let count = 0; count < 1100; count += 55) await client.append(streamId, sampleEvents(55));
      const events = expectLines<RecordedEvent>(await client.get(streamPath(streamId), {}, accept));
      assert.deepEqual(versionsOf(events), numbersTo(1100));
    });

    it('starts at the offset', async () => {
      const streamId = uniqueName('ndjson');
      await client.append(streamId, sampleEvents(5));
      const events = expectLines<RecordedEvent>(await client.get(streamPath(streamId), { offset: 4 }, accept));
      assert.deepEqual(versionsOf(events), [4, 5]);
    });

    it('is empty for a missing stream and past the end', async () => {
      const streamId = uniqueName('ndjson');
      assert.deepEqual(expectLines(await client.get(streamPath(streamId), {}, accept)), []);
      await client.append(streamId, sampleEvent());
      assert.deepEqual(expectLines(await client.get(streamPath(streamId), { offset: 2 }, accept)), []);
    });

    it('has no line break of any standard inside a line', async () => {
      const streamId = uniqueName('ndjson\u2028');
      const breaks = '\n\r\u0085\u2028\u2029\v\f';
      const sent = sampleEvent({ type: 'T\u2028\u2029', metadata: { [breaks]: breaks } });
      await client.append(streamId, [sent, sent]);
      const answer = await client.get(streamPath(streamId), {}, accept);
      assert.doesNotMatch(answer.text, /[\r\u0085\u2028\u2029\v\f]/);
      const events = expectLines<RecordedEvent>(answer);
      assert.equal(events.length, 2);
      assert.deepEqual(events[0]?.metadata, sent.metadata);
      assert.equal(events[0]?.streamId, streamId);
    });

    it('has no direction but forward', async () => {
      const path = streamPath(uniqueName('ndjson'));
      const answer = await client.get(path, { direction: 'backward' }, accept);
      expectProblem(answer, 'invalid-parameter', { name: 'direction' });
      assert.equal((await client.get(path, { direction: 'forward' }, accept)).status, 200);
    });

    it('says that it depends on Accept and must not be kept', async () => {
      const { headers } = await client.get(streamPath(uniqueName('ndjson')), {}, accept);
      assert.match(headers.vary ?? '', /\bAccept\b/i);
      assert.equal(headers['cache-control'], 'no-store');
    });

    it('refuses with problem+json all the same', async () => {
      expectProblem(await client.get('/-', {}, accept), 'reserved-stream-id');
    });
  });
}
