/** What cannot be subscribed to is refused before anything is sent, as an ordinary problem. */
import assert from 'node:assert/strict';
import type { ErrorCode, ErrorDetails } from '@event-store/core';
import { expectProblem } from '../expect-problem.ts';
import { feedEnd } from '../feed-reading.ts';
import type { HttpSuite } from '../http-suite.ts';
import { sampleEvents } from '../sample-events.ts';
import { streamPath } from '../store-client.ts';
import { uniqueName } from '../unique-name.ts';
import { subscribe } from './event-stream.ts';

const eventStream = 'text/event-stream';

interface Refusal {
  readonly query?: string;
  readonly lastEventId?: string;
  readonly code: ErrorCode;
  readonly details?: ErrorDetails;
}

const refusals: readonly Refusal[] = [
  ...['', '-1', '1.5', 'x', '01', '+1', '1e3', '9007199254740992', '1, 1'].map((lastEventId) => ({
    lastEventId,
    code: 'invalid-cursor' as const,
    details: { name: 'Last-Event-ID' },
  })),
  { query: '?limit=5', code: 'invalid-parameter', details: { name: 'limit' } },
  { query: '?wait=5', code: 'invalid-parameter', details: { name: 'wait' } },
  { query: '?nothing=5', code: 'unknown-parameter', details: { name: 'nothing' } },
];

const ofStreams: readonly Refusal[] = [
  ...refusals,
  { query: '?direction=backward', code: 'invalid-parameter', details: { name: 'direction' } },
  { query: '?offset=x', code: 'invalid-parameter', details: { name: 'offset' } },
  { query: '?offset=3', lastEventId: '1', code: 'invalid-parameter', details: { name: 'offset' } },
  { query: '?offset=9', lastEventId: '0', code: 'invalid-parameter', details: { name: 'offset' } },
];

const ofTheFeed: readonly Refusal[] = [
  ...refusals,
  { query: '?after=x', code: 'invalid-parameter', details: { name: 'after' } },
  { query: '?after=1', lastEventId: '0', code: 'invalid-parameter', details: { name: 'after' } },
  { query: '?after=9007199254740991', code: 'cursor-ahead' },
  { lastEventId: '9007199254740991', code: 'cursor-ahead' },
];

export function testRefusedSubscriptions(suite: HttpSuite): void {
  const { describe, it, client, capabilities } = suite;
  describe('subscriptions that cannot be', () => {
    const resources = capabilities.feed
      ? ([
          ['stream', ofStreams],
          ['/-/events', ofTheFeed],
        ] as const)
      : ([['stream', ofStreams]] as const);
    for (const [resource, cases] of resources) {
      for (const { query = '', lastEventId, code, details } of cases) {
        it(`${resource}${query} with Last-Event-ID ${lastEventId} is ${code}`, async () => {
          const path = (resource === 'stream' ? streamPath(uniqueName('live')) : resource) + query;
          const answer = await client.get(path, {}, { accept: eventStream, 'last-event-id': lastEventId });
          expectProblem(answer, code, details);
        });
      }
    }

    it('an id at or behind the place of the parameter is where it goes on', async () => {
      const streamId = uniqueName('live');
      const { position = 0 } = await client.append(streamId, sampleEvents(3));
      const path = streamPath(streamId);
      for (const offset of [0, 1, 2, 3]) {
        const ofStream = await subscribe(suite, path, { query: { offset }, headers: { 'last-event-id': '2' } });
        assert.equal((await ofStream.untilEvents(1))[0]?.version, 3);
        ofStream.close();
      }
      if (!capabilities.feed) return;
      const end = position === 0 ? await feedEnd(client) : position;
      for (const after of [end, end - 1, 0]) {
        const headers = { 'last-event-id': `${end}` };
        const ofFeed = await subscribe(suite, '/-/events', { query: { after }, headers });
        await ofFeed.untilCaughtUp(end);
        assert.deepEqual(ofFeed.events, []);
        ofFeed.close();
      }
    });

    it('direction may be said where it is forward', async () => {
      const subscription = await subscribe(suite, `${streamPath(uniqueName('live'))}?direction=forward`);
      await subscription.untilCaughtUp(0);
      subscription.close();
    });

    it('the form follows Accept and its q-values', async () => {
      const path = streamPath(uniqueName('live'));
      for (const accept of [
        eventStream,
        'text/*',
        `application/json;q=0.5, ${eventStream}`,
        `${eventStream}, */*;q=0.1`,
      ]) {
        const subscription = await subscribe(suite, path, { headers: { accept } });
        subscription.close();
      }
      for (const accept of ['*/*', `${eventStream};q=0.5, application/json`, `*/*, ${eventStream};q=0.9`]) {
        const { headers } = await client.get(path, {}, { accept });
        assert.equal(headers['content-type'], 'application/json', accept);
      }
      expectProblem(await client.get(path, {}, { accept: `${eventStream};q=0` }), 'not-acceptable');
      expectProblem(await client.get(`${path}/1`, {}, { accept: eventStream }), 'not-acceptable');
    });
  });
}
