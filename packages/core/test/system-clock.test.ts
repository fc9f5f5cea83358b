/** The machine's clock: monotonic time never goes back, and what is set goes off unless it is cancelled. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '@event-store/core';

describe('systemClock', () => {
  it('has a monotonic time that never goes back, and a time of day in whole milliseconds', () => {
    const readings = Array.from({ length: 1_000 }, () => systemClock.monotonicMs());
    assert.deepEqual(
      readings,
      readings.toSorted((a, b) => a - b),
    );
    assert.ok(Number.isSafeInteger(systemClock.now()));
  });

  it('calls what is not cancelled, once, when its delay is over', (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const called: string[] = [];
    systemClock.after(10, () => called.push('second'));
    systemClock.after(1, () => called.push('first'));
    systemClock.after(5, () => called.push('cancelled')).cancel();
    assert.deepEqual(called, []);
    test.mock.timers.tick(9);
    assert.deepEqual(called, ['first']);
    test.mock.timers.tick(100);
    assert.deepEqual(called, ['first', 'second']);
  });
});
