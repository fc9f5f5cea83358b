import { limits } from '@event-store/core';
import type { LogEnd } from '../format/head-file.ts';
import { entriesOf } from '../index/entries-of.ts';
import { LogCursor } from '../segment/log-cursor.ts';
import type { SegmentList } from '../segment/segment-list.ts';
import type { RecentEvents } from './recent-events.ts';

/**
 * Takes what the index could not cover into memory instead: what a start on a full disk does.
 *
 * @param covered the end of what the index covers; `undefined` for nothing
 */
export async function loadRecent(
  recent: RecentEvents,
  segments: SegmentList,
  { covered, end }: { covered: LogEnd | undefined; end: LogEnd },
): Promise<void> {
  const first = segments.holding(0);
  const start = covered ?? { segment: first.firstPosition, offset: first.headerBytes };
  const cursor = new LogCursor({ segments }, start, covered?.checksum);
  const buffer = Buffer.allocUnsafeSlow(limits.batchBytesMax);
  const next = () => cursor.next(end, () => buffer);
  for (let block = await next(); block !== undefined; block = await next()) {
    for (const { entry } of entriesOf(block)) recent.add(entry);
  }
}
