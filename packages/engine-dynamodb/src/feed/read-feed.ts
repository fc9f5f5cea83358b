/** Reads of the feed: page after page of the log, up to an end that holds all that was committed before. */
import { EventStoreError, type FeedBatch, type ReadFeedRequest } from '@event-store/core';
import { eventItemLine } from '../items/event-item.ts';
import { LineBatches } from '../line-batches.ts';
import { text } from '../table.ts';
import type { Log } from './log.ts';
import { type PageEventsSource, pageEvents } from './page-events.ts';
import type { Sequencer } from './sequencer.ts';

export interface FeedSource extends PageEventsSource {
  readonly log: Log;
  readonly sequencer: Sequencer;
}

export async function* readFeed(source: FeedSource, request: ReadFeedRequest): AsyncGenerator<FeedBatch> {
  const { after, limit = Number.POSITIVE_INFINITY, filter = {} } = request;
  const { log, sequencer } = source;
  const { types } = filter;
  const batches = new LineBatches();
  let remaining = limit;
  let through = after;
  let end: number | undefined;
  while (remaining > 0) {
    if (through >= (end ?? log.end)) {
      if (end !== undefined) break;
      await sequencer.catchUp();
      end = log.end;
      if (after > end) throw cursorAhead({ after, end });
      continue;
    }
    const page = await log.pageAt(through + 1);
    for await (const { item, position } of pageEvents(source, { page, from: through + 1, filter })) {
      const line = item === undefined ? '' : eventItemLine(item, position);
      const passes = item !== undefined && (types === undefined || types.has(text(item, 'Event Type')));
      const full = batches.add({ line, passes, place: position });
      if (full !== undefined) yield { ...full, caughtUp: false };
      through = position;
      if (passes) remaining--;
      if (remaining === 0 || position === end) break;
    }
  }
  if (end === undefined && through >= log.end) {
    await sequencer.catchUp();
    end = log.end;
  }
  const last = batches.take() ?? { lines: new Uint8Array(), count: 0, through };
  yield { ...last, caughtUp: through === end };
}

function cursorAhead({ after, end }: { after: number; end: number }): EventStoreError {
  return new EventStoreError('cursor-ahead', `The feed ends at position ${end}; ${after} is past it.`, {
    details: { position: end },
  });
}
