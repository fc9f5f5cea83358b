/** Times: UTC with milliseconds, the same for all events of an append, never decreasing along the feed. */
import assert from 'node:assert/strict';
import { type Clock, type StorageEngine, systemClock } from '@event-store/core';
import { proposedSeries, store } from './appending.ts';
import { type EngineSuite, usingEngine } from './engine-suite.ts';
import { readFeed } from './reading.ts';

const start = Date.UTC(2026, 10, 23, 11, 40);

export function testTimes({ test, openEngine }: EngineSuite): void {
  test.it('never decrease, whatever the clock does', async () => {
    const clock = adjustableClock();
    await usingEngine(openEngine, { clock }, async ({ engine, reopen }) => {
      await storeWhileClockJumps(engine, clock);
      await timesNeverDecrease(engine);
      if (reopen === undefined) return;
      clock.nowMs = start - 1_000_000;
      const reopened = await reopen({ clock });
      await store(reopened, { streamId: 'a' });
      await timesNeverDecrease(reopened);
    });
  });

  test.it('are in UTC with milliseconds, one for each append', async () => {
    await usingEngine(openEngine, {}, async ({ engine }) => {
      await store(engine, { streamId: 'a', events: proposedSeries(5) });
      const times = (await readFeed(engine)).map(({ time }) => time ?? '');
      for (const time of times) {
        assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        assert.equal(new Date(time).toISOString(), time);
      }
      assert.equal(new Set(times).size, 1);
    });
  });
}

async function storeWhileClockJumps(engine: StorageEngine, clock: { nowMs: number }): Promise<void> {
  for (const offsetMs of [0, 5, -3_600_000, 7, 3_600_000, 8]) {
    clock.nowMs = start + offsetMs;
    await store(engine, { streamId: 'a', events: proposedSeries(2) });
  }
}

/** Where times only inform (an engine that many instances write through) there is nothing to assert. */
async function timesNeverDecrease(engine: StorageEngine): Promise<void> {
  if (!engine.capabilities.positionOnAppend) return;
  const times = (await readFeed(engine)).map(({ time }) => Date.parse(time ?? ''));
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
}

/** The system's clock, but for the time of day, which is what the test says. */
function adjustableClock(): Clock & { nowMs: number } {
  return {
    nowMs: start,
    now() {
      return this.nowMs;
    },
    monotonicMs: () => systemClock.monotonicMs(),
    after: (delayMs, action) => systemClock.after(delayMs, action),
  };
}
