/** Reads the feed: blocks of the log, checked and handed on as bytes. */
import { EventStoreError, type FeedBatch, limits, type ReadFeedRequest } from '@event-store/core';
import type { LogEnd } from '../format/head-file.ts';
import { positionOfLine } from '../format/log-line.ts';
import { startOfLastLine, startOfLine } from '../segment/check-lines.ts';
import { type Block, DamagedLog, keepDamage, LogCursor, type LogPlace } from '../segment/log-cursor.ts';
import { cutBlock, filterBlock } from './feed-batch.ts';
import { LineFilter } from './line-filter.ts';
import type { LogView } from './log-view.ts';

export async function* readFeed(view: LogView, request: ReadFeedRequest): AsyncGenerator<FeedBatch> {
  const { after, filter } = request;
  const end = view.durable();
  if (after > end.position) {
    throw new EventStoreError('cursor-ahead', `The feed ends at position ${end.position}; ${after} is past it.`, {
      details: { position: end.position },
    });
  }
  let wanted = request.limit ?? Number.POSITIVE_INFINITY;
  let through = after;
  const lineFilter = new LineFilter(filter ?? {});
  for await (const block of blocksAfter(view, { after, end, wanted })) {
    if (firstPosition(block) !== through + 1) throw eventCorrupt(through + 1, block);
    const range = { after: through, wanted };
    const batch = filter || block.hasLost ? filterBlock(block, range, lineFilter) : cutBlock(block, range);
    wanted -= batch.count;
    through = batch.through;
    yield { ...batch, caughtUp: through === end.position };
    if (wanted <= 0 || through === end.position) return;
  }
  if (through < end.position) throw eventCorrupt(through + 1, end);
  yield { lines: new Uint8Array(0), count: 0, through, caughtUp: true };
}

/** What to read at once for a page: bytes of an average event, and not less than this. */
const pageEventBytes = 512;
const blockBytesMin = 32 * 1024;

interface BlocksRequest {
  readonly after: number;
  readonly end: LogEnd;
  readonly wanted: number;
}

/**
 * The blocks whose first line is the one behind position `after`, then the next ones. Where
 * everything is wanted, the next block is read, into the other of two buffers, while one is sent.
 */
async function* blocksAfter(view: LogView, { after, end, wanted }: BlocksRequest): AsyncGenerator<Block> {
  if (after >= end.position) return;
  const isEverything = wanted === Number.POSITIVE_INFINITY;
  const bytes = isEverything
    ? Math.min(limits.batchBytesMax, view.segments.bytes)
    : Math.min(limits.batchBytesMax, Math.max(blockBytesMin, wanted * pageEventBytes));
  const buffers: Buffer[] = [];
  const bufferOf = (turn: number) => (buffers[isEverything ? turn % 2 : 0] ??= Buffer.allocUnsafeSlow(bytes));
  const cursor = cursorBefore(view, after + 1);
  let block: Block | undefined = await firstBlock(view, cursor, {
    position: after + 1,
    end,
    buffer: () => bufferOf(0),
  });
  for (let turn = 1; block !== undefined; turn++) {
    const buffer = () => bufferOf(turn);
    const ahead = isEverything ? cursor.next(end, buffer) : undefined;
    ahead?.catch(() => undefined);
    yield block;
    block = await (ahead ?? cursor.next(end, buffer)).catch(toEventCorrupt(view, positionOfLastLine(block) + 1));
  }
}

/** A cursor at the nearest known place at or before a position. */
function cursorBefore(view: LogView, position: number): LogCursor {
  const segment = view.segments.holding(position);
  const anchor = view.recent.anchorBefore(position) ?? view.index.anchorBefore(position);
  return anchor && anchor.position >= segment.firstPosition
    ? new LogCursor(view, anchor)
    : new LogCursor(view, { segment: segment.firstPosition, offset: segment.headerBytes });
}

/** Walks to the block that holds a position and drops the lines before it; damage on the way is stepped over. */
async function firstBlock(
  view: LogView,
  cursor: LogCursor,
  { position, end, buffer }: { position: number; end: LogEnd; buffer: () => Buffer },
): Promise<Block> {
  let damaged: LogPlace | undefined;
  for (;;) {
    const block = await cursor.next(end, buffer).catch(keepDamage);
    if (block instanceof DamagedLog) {
      view.foundDamage(block.place);
      damaged ??= block.place;
      await cursor.skipDamage(end);
      continue;
    }
    if (block === undefined) throw eventCorrupt(position, damaged ?? cursor.place);
    if (positionOfLastLine(block) < position) {
      damaged = undefined;
      continue;
    }
    const first = firstPosition(block);
    if (first > position) throw eventCorrupt(position, damaged ?? block);
    const dropped = startOfLine(block.lines, position - first);
    return { ...block, offset: block.offset + dropped, lines: block.lines.subarray(dropped) };
  }
}

function firstPosition({ lines }: Block): number {
  return positionOfLine(lines, 0, startOfLine(lines, 1)) ?? 0;
}

/** The position of the last line of a block. */
function positionOfLastLine({ lines }: Block): number {
  return positionOfLine(lines, startOfLastLine(lines), lines.length) ?? 0;
}

function toEventCorrupt(view: LogView, position: number): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof DamagedLog)) throw error;
    view.foundDamage({ ...error.place, position });
    throw eventCorrupt(position, error.place);
  };
}

function eventCorrupt(position: number, { segment, offset }: LogPlace): EventStoreError {
  const text = `The event at position ${position} is damaged: segment ${segment}, byte ${offset}. Restore it from a backup.`;
  return new EventStoreError('event-corrupt', text, { details: { position } });
}
