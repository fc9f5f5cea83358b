/**
 * The events that a page of the log names, in order. A page names lane records, they name runs of
 * streams. In any part of the feed the versions of one stream follow each other, so a part is read
 * by one query for each of its streams.
 */
import { type FeedFilter, streamPassesFilter } from '@event-store/core';
import { itemBytes } from '../item-bytes.ts';
import { endOf, type LogPage } from '../items/log-page.ts';
import { readVersions } from '../read-stream.ts';
import type { Item } from '../table.ts';
import type { World } from '../world.ts';
import type { EventCache } from './event-cache.ts';
import type { LaneRecords } from './lane-records.ts';

/** Events read together, in so far as their size is not known yet. */
const partEventsFirst = 64;
const partEventsMax = 500;

/** Bytes that a part should have, so that a reader holds little more than it can send. */
const partBytes = 2 * 1024 * 1024;

/** Streams that are read at the same time. */
const streamsAtOnce = 32;

export interface PageEventsSource {
  readonly world: World;
  readonly records: LaneRecords;
  readonly events: EventCache;
}

export interface PageEventsRequest {
  readonly page: LogPage;
  /** The first position wanted; it is in the page. */
  readonly from: number;
  /** Streams that it does not let through are passed over without being read; types are the caller's. */
  readonly filter: FeedFilter;
}

export interface PageEvent {
  readonly position: number;
  /** Absent where the filter passes over it. */
  readonly item: Item | undefined;
}

interface Place {
  readonly streamId: string;
  readonly version: number;
  readonly position: number;
}

export async function* pageEvents(source: PageEventsSource, request: PageEventsRequest): AsyncGenerator<PageEvent> {
  const { filter } = request;
  let eventsMax = partEventsFirst;
  let part: Place[] = [];
  for await (const place of placesOf(source.records, request)) {
    part.push(place);
    if (part.length < eventsMax) continue;
    let bytes = 0;
    for await (const event of readPart(source, part, filter)) {
      if (event.item !== undefined) bytes += itemBytes(event.item);
      yield event;
    }
    eventsMax = Math.max(1, Math.min(partEventsMax, Math.floor((partBytes * part.length) / Math.max(1, bytes))));
    part = [];
  }
  yield* readPart(source, part, filter);
}

async function* placesOf(records: LaneRecords, { page, from }: PageEventsRequest): AsyncGenerator<Place> {
  let position = page.position;
  for (const range of page.ranges) {
    if (position + range.events <= from) {
      position += range.events;
      continue;
    }
    for (const { entries } of await records.named(range)) {
      for (const { streamId, firstVersion, count } of entries) {
        for (let version = firstVersion; version < firstVersion + count; version++, position++) {
          if (position >= from) yield { streamId, version, position };
        }
      }
    }
  }
  if (position !== endOf(page) + 1) throw new Error(`The page at ${page.position} does not match its lane records`);
}

async function* readPart(
  source: PageEventsSource,
  part: readonly Place[],
  filter: FeedFilter,
): AsyncGenerator<PageEvent> {
  const wanted = part.filter(({ streamId }) => streamPassesFilter(streamId, filter));
  const byStream = [...Map.groupBy(wanted, ({ streamId }) => streamId)];
  const found = new Map<string, { readonly firstVersion: number; readonly items: readonly Item[] }>();
  while (byStream.length > 0) {
    await Promise.all(
      byStream.splice(0, streamsAtOnce).map(async ([streamId, places]) => {
        const firstVersion = places[0]?.version ?? 1;
        const items = await readRun(source, { streamId, firstVersion, count: places.length });
        found.set(streamId, { firstVersion, items });
      }),
    );
  }
  for (const { streamId, version, position } of part) {
    const run = found.get(streamId);
    yield { position, item: run?.items[version - run.firstVersion] };
  }
}

async function readRun(
  { world, events }: PageEventsSource,
  run: { streamId: string; firstVersion: number; count: number },
): Promise<readonly Item[]> {
  const cached = events.run(run);
  if (cached !== undefined) return cached;
  const { streamId, firstVersion, count } = run;
  const through = firstVersion + count - 1;
  const items = await readVersions(world, { streamId, from: firstVersion, through, consistency: 'eventual' });
  for (const item of items) events.learn(item);
  return items;
}
