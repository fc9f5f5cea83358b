/**
 * The feed: pages name ranges of lane records, records name runs of streams, runs are read from
 * the streams. What a page names is committed, so it is awaited and never skipped.
 */
import { EventStoreError, type FeedBatch, type FeedFilter, type ReadFeedRequest } from '@event-store/core';
import { eventItemLine } from '../items/event-item.ts';
import type { LaneEntry } from '../items/lane-record.ts';
import { endOf, type LogPage } from '../items/log-page.ts';
import { LineBatches } from '../line-batches.ts';
import { readVersions } from '../read-stream.ts';
import { type Item, text } from '../table.ts';
import type { World } from '../world.ts';
import type { LaneRecords } from './lane-records.ts';
import type { Log } from './log.ts';
import type { Sequencer } from './sequencer.ts';

/** Runs that are read at the same time. */
const runsAtOnce = 32;

/** Events of one run that are read together. */
const runEventsMax = 100;

export interface FeedSource {
  readonly world: World;
  readonly log: Log;
  readonly records: LaneRecords;
  readonly sequencer: Sequencer;
}

export async function* readFeed(source: FeedSource, request: ReadFeedRequest): AsyncGenerator<FeedBatch> {
  const { after, limit = Number.POSITIVE_INFINITY, filter = {} } = request;
  const { log, sequencer } = source;
  const batches = new LineBatches();
  let remaining = limit;
  let through = after;
  let end: number | undefined;
  while (remaining > 0) {
    if (through >= (end ?? log.end)) {
      if (end !== undefined) break;
      await sequencer.catchUp();
      end = log.end;
      if (after > end) throw cursorAhead(end);
      continue;
    }
    const page = await log.pageAt(through + 1);
    for await (const { line, passes, place } of lookAtPage(source, page, { from: through + 1, filter })) {
      const full = batches.add({ line, passes, place });
      if (full !== undefined) yield { ...full, caughtUp: false };
      through = place;
      if (passes) remaining--;
      if (remaining === 0 || place === end) break;
    }
  }
  if (end === undefined && through >= log.end) {
    await sequencer.catchUp();
    end = log.end;
  }
  const last = batches.take() ?? { lines: new Uint8Array(), count: 0, through };
  yield { ...last, caughtUp: through === end };
}

function cursorAhead(end: number): EventStoreError {
  return new EventStoreError('cursor-ahead', `The feed ends at position ${end}, before the cursor.`, {
    details: { position: end },
  });
}

interface LookAtPage {
  /** The first position wanted; it is in the page. */
  readonly from: number;
  readonly filter: FeedFilter;
}

interface Run {
  readonly streamId: string;
  readonly firstVersion: number;
  readonly count: number;
  /** Position of its first event. */
  readonly position: number;
}

async function* lookAtPage(source: FeedSource, page: LogPage, { from, filter }: LookAtPage) {
  const { streamPrefix = '', types } = filter;
  for await (const runs of inGroups(runsOf(source, page, from))) {
    const items = await Promise.all(
      runs.map((run) => (run.streamId.startsWith(streamPrefix) ? readRun(source.world, run) : undefined)),
    );
    for (const [index, run] of runs.entries()) {
      for (let offset = 0; offset < run.count; offset++) {
        const item = items[index]?.[offset];
        const place = run.position + offset;
        const passes = item !== undefined && (types === undefined || types.has(text(item, 'Event Type')));
        yield { line: item === undefined ? '' : eventItemLine(item, place), passes, place };
      }
    }
  }
}

function readRun(world: World, { streamId, firstVersion, count }: Run): Promise<readonly Item[]> {
  const through = firstVersion + count - 1;
  return readVersions(world, { streamId, from: firstVersion, through, consistency: 'eventual' });
}

/** The runs of a page from a position on, none of them long. */
async function* runsOf({ records }: FeedSource, page: LogPage, from: number): AsyncGenerator<Run> {
  let position = page.position;
  for (const range of page.ranges) {
    if (position + range.events <= from) {
      position += range.events;
      continue;
    }
    for (const { entries } of await records.named(range)) {
      for (const entry of entries) {
        yield* piecesOf(entry, { position, from });
        position += entry.count;
      }
    }
  }
  if (position !== endOf(page) + 1) throw new Error(`The page at ${page.position} does not match its lane records`);
}

function* piecesOf(
  { streamId, firstVersion, count }: LaneEntry,
  at: { position: number; from: number },
): Generator<Run> {
  for (let offset = Math.max(0, at.from - at.position); offset < count; offset += runEventsMax) {
    const pieceCount = Math.min(runEventsMax, count - offset);
    yield { streamId, firstVersion: firstVersion + offset, count: pieceCount, position: at.position + offset };
  }
}

async function* inGroups(runs: AsyncIterable<Run>): AsyncGenerator<readonly Run[]> {
  let group: Run[] = [];
  for await (const run of runs) {
    group.push(run);
    if (group.length < runsAtOnce) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
