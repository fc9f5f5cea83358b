/**
 * A commit between a read and the waiting behind it wakes who then waits, so nothing is missed.
 * Shows P-15.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { systemClock } from '@event-store/core';
import { Rounds, Waiter } from '../src/subscriptions/rounds.ts';

/** Whether a promise is fulfilled by itself, with nothing more to happen. */
async function isFulfilled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  return (await Promise.race([promise, setImmediate(pending)])) !== pending;
}

test('who waits for the round after a read is not kept waiting when it has begun already', async () => {
  const rounds = new Rounds(systemClock);
  const seen = rounds.number;
  rounds.committed(1);
  assert.ok(await isFulfilled(rounds.next(seen, new Waiter())));
});

test('who has seen the last round waits for the next commit', async () => {
  const rounds = new Rounds(systemClock);
  const waiting = rounds.next(rounds.number, new Waiter());
  assert.equal(await isFulfilled(waiting), false);
  rounds.committed(1);
  await waiting;
});
