/** Syncs are waited for on the spot while the disk is quick, and on a slow one next to never. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyncPace } from '../src/sync-pace.ts';

/** How many of so many syncs are waited for on a disk that takes so long for each. */
function waitedFor(pace: SyncPace, { syncs, durationMs }: { syncs: number; durationMs: number }): number {
  let waited = 0;
  for (let sync = 0; sync < syncs; sync++) {
    if (!pace.waits()) continue;
    waited++;
    pace.waited(durationMs);
  }
  return waited;
}

test('every sync of a quick disk is waited for', () => {
  assert.equal(waitedFor(new SyncPace(), { syncs: 1_000, durationMs: 0.1 }), 1_000);
});

test('of a slow disk it is tried ever more rarely', () => {
  const pace = new SyncPace();
  const early = waitedFor(pace, { syncs: 10_000, durationMs: 5 });
  const late = waitedFor(pace, { syncs: 10_000, durationMs: 5 });
  assert.ok(early <= 10 && late <= 1, `${early}, then ${late}`);
});

test('a slow spell is forgotten', () => {
  const pace = new SyncPace();
  waitedFor(pace, { syncs: 500, durationMs: 5 });
  waitedFor(pace, { syncs: 1_000, durationMs: 0.1 });
  assert.equal(waitedFor(pace, { syncs: 1_000, durationMs: 0.1 }), 1_000);
  assert.ok(waitedFor(pace, { syncs: 100, durationMs: 5 }) <= 40);
});
