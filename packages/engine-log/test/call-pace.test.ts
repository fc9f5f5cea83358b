/** Calls are waited for on the spot while the disk is quick, and on a slow one next to never. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallPace } from '../src/call-pace.ts';

/** How many of so many calls are waited for on a disk that takes so long for each. */
function waitedFor(pace: CallPace, { calls, durationMs }: { calls: number; durationMs: number }): number {
  let waited = 0;
  for (let call = 0; call < calls; call++) {
    if (!pace.waits()) continue;
    waited++;
    pace.waited(durationMs);
  }
  return waited;
}

test('every call of a quick disk is waited for', () => {
  assert.equal(waitedFor(new CallPace({ quickMsMax: 0.5 }), { calls: 1_000, durationMs: 0.1 }), 1_000);
});

test('of a slow disk it is tried ever more rarely', () => {
  const pace = new CallPace({ quickMsMax: 0.5 });
  const early = waitedFor(pace, { calls: 10_000, durationMs: 5 });
  const late = waitedFor(pace, { calls: 10_000, durationMs: 5 });
  assert.ok(early <= 10 && late <= 1, `${early}, then ${late}`);
});

test('a slow spell is forgotten', () => {
  const pace = new CallPace({ quickMsMax: 0.5 });
  waitedFor(pace, { calls: 500, durationMs: 5 });
  waitedFor(pace, { calls: 1_000, durationMs: 0.1 });
  assert.equal(waitedFor(pace, { calls: 1_000, durationMs: 0.1 }), 1_000);
  assert.ok(waitedFor(pace, { calls: 100, durationMs: 5 }) <= 40);
});
