/** Subscribers that never read: the others get everything, and those get everything once they do read. */
import assert from 'node:assert/strict';
import { feedEnd } from '../feed-reading.ts';
import type { HttpSuite } from '../http-suite.ts';
import { numbersTo, sampleEvents } from '../sample-events.ts';
import { uniqueName } from '../unique-name.ts';
import { subscribe } from './event-stream.ts';

const subscribersThatNeverRead = 200;
const appends = 60;
const eventsEach = 20;

export function testSlowSubscribers(suite: HttpSuite): void {
  const { describe, it, client, capabilities } = suite;
  if (!capabilities.feed) return;
  describe('subscribers that do not read', () => {
    it('keep nobody else waiting, and go on where they were', async () => {
      const after = await feedEnd(client);
      const query = { after };
      const slow = await Promise.all(
        Array.from({ length: subscribersThatNeverRead }, async () => {
          const subscription = await subscribe(suite, '/-/events', { query });
          subscription.response.pause();
          return subscription;
        }),
      );
      const quick = await subscribe(suite, '/-/events', { query });
      const streamId = uniqueName('slow');
      const data = Buffer.alloc(1_500).toString('base64');
      for (let count = 0; count < appends; count++) {
        await client.append(streamId, sampleEvents(eventsEach, { data }));
        await quick.untilCaughtUp(after + (count + 1) * eventsEach);
      }
      const expected = numbersTo(after + appends * eventsEach, after + 1);
      const positions = (events: readonly { readonly position?: number }[]) => events.map(({ position }) => position);
      assert.deepEqual(positions(quick.events), expected);
      const [late, ...others] = slow;
      for (const subscription of [quick, ...others]) subscription.close();
      late?.response.resume();
      assert.deepEqual(positions((await late?.untilEvents(expected.length)) ?? []), expected);
      late?.close();
    });
  });
}
