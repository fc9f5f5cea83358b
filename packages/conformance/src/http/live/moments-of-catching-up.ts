/** Appends at the very moment at which a subscriber reaches the end, or begins: none is missed. */
import assert from 'node:assert/strict';
import type { HttpSuite } from '../http-suite.ts';
import { numbersTo, sampleEvent, versionsOf } from '../sample-events.ts';
import { streamPath } from '../store-client.ts';
import { uniqueName } from '../unique-name.ts';
import { subscribe } from './event-stream.ts';

const subscribers = 10;
const appendsEach = 200;
const beginnings = 300;

export function testMomentsOfCatchingUp(suite: HttpSuite): void {
  const { describe, it, client } = suite;
  describe('the moment of catching up', () => {
    it('misses no append that comes with it', async () => {
      await Promise.all(
        Array.from({ length: subscribers }, async () => {
          const streamId = uniqueName('moment');
          const subscription = await subscribe(suite, streamPath(streamId));
          for (let version = 0; version < appendsEach; version++) {
            await subscription.untilCaughtUp(version);
            await client.append(streamId, sampleEvent());
          }
          assert.deepEqual(versionsOf(await subscription.untilEvents(appendsEach)), numbersTo(appendsEach));
          subscription.close();
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
      await Promise.all(Array.from({ length: subscribers }, worker));
    });
  });
}
