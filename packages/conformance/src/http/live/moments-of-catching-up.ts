/** Appends at the very moment at which a subscriber reaches the end, or begins: none is missed. */
import assert from 'node:assert/strict';
import type { HttpSuite } from '../http-suite.ts';
import { numbersTo, sampleEvent, versionsOf } from '../sample-events.ts';
import { streamPath } from '../store-client.ts';
import { uniqueName } from '../unique-name.ts';
import { subscribe } from './event-stream.ts';

const streams = 10;
/** Beside one reader that waits for pages: each append comes at this moment of five readers. */
const subscribersEach = 4;
/** Of as many moments, one more is that of a beginning. */
const momentsForEachBeginning = 33;
/** Longer than any test takes. */
const wait = 60;

export function testMomentsOfCatchingUp(suite: HttpSuite): void {
  const { describe, it, client, momentsOfCatchingUp } = suite;
  const appendsEach = Math.ceil(momentsOfCatchingUp / (streams * (subscribersEach + 1)));
  const beginnings = Math.ceil(momentsOfCatchingUp / momentsForEachBeginning);
  describe('the moment of catching up', () => {
    it('misses no append that comes with it', async () => {
      await Promise.all(
        Array.from({ length: streams }, async () => {
          const streamId = uniqueName('moment');
          const path = streamPath(streamId);
          const all = await Promise.all(Array.from({ length: subscribersEach }, () => subscribe(suite, path)));
          for (let version = 0; version < appendsEach; version++) {
            const page = client.streamPage(streamId, { offset: version + 1, wait });
            // Another one each time is the one that is surely there; the others are about to be.
            await all[version % all.length]?.untilCaughtUp(version);
            await client.append(streamId, sampleEvent());
            assert.deepEqual(versionsOf((await page).payload), [version + 1]);
          }
          for (const subscription of all) {
            assert.deepEqual(versionsOf(await subscription.untilEvents(appendsEach)), numbersTo(appendsEach));
            subscription.close();
          }
        }),
      );
    });

    it('misses no append that comes as the subscription begins', async () => {
      let next = 0;
      const worker = async () => {
        while (next++ < beginnings) {
          const streamId = uniqueName('moment');
          await client.append(streamId, sampleEvent());
          const appended = client.append(streamId, sampleEvent());
          const subscription = await subscribe(suite, streamPath(streamId));
          await Promise.all([appended, client.append(streamId, sampleEvent())]);
          await subscription.untilCaughtUp(3);
          assert.deepEqual(versionsOf(subscription.events), [1, 2, 3]);
          subscription.close();
        }
      };
      await Promise.all(Array.from({ length: streams }, worker));
    });
  });
}
