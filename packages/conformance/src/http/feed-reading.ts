/**
 * Reads of the feed for tests: from its present end, and until what was written stands in it,
 * since an engine may give positions some time after the commit.
 */
import assert from 'node:assert/strict';
import { type RecordedEvent, systemClock } from '@event-store/core';
import type { Query, StoreClient } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

/** The position of the last event, found by skipping everything. */
export async function feedEnd(client: StoreClient): Promise<number> {
  const streamPrefix = uniqueName('nobody');
  let after = 0;
  for (;;) {
    const { pagination } = await client.feedPage({ after, streamPrefix });
    assert.ok(pagination.caughtUp || pagination.nextAfter > after, 'the next page is further on');
    after = pagination.nextAfter;
    if (pagination.caughtUp) return after;
  }
}

const emptyPagesMax = 500;
const pauseMs = 10;

/** Follows the pages from `after` until `count` events came. */
export async function readFeed(
  client: StoreClient,
  { count, ...query }: { after: number; count: number } & Query,
): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  let after = query.after;
  let emptyPages = 0;
  while (events.length < count) {
    const { pagination, payload } = await client.feedPage({ ...query, after });
    events.push(...payload);
    assert.ok(pagination.caughtUp || pagination.nextAfter > after, 'the next page is further on');
    after = pagination.nextAfter;
    if (!pagination.caughtUp || events.length >= count) continue;
    emptyPages++;
    assert.ok(emptyPages <= emptyPagesMax, `the feed has ${events.length} of ${count} events`);
    await new Promise<void>((resolve) => systemClock.after(pauseMs, resolve));
  }
  return events;
}
