/**
 * What can be subscribed to, as one question: what follows this cursor? There is no other way to
 * get at events, be they old or new.
 */
import type { Batch, FeedFilter, StorageEngine, StreamId } from '@event-store/core';
import { type Block, blockEventsMax, encodeBlock, type Place } from './block.ts';

export interface Source {
  /** Equal for sources that give the same blocks. */
  readonly key: string;
  readonly place: Place;
  /** The block behind a cursor. Throws what the engine throws. */
  readonly read: (cursor: number) => Promise<Block>;
  /** The last version or position there is, where the last commit was that of `position`. */
  readonly end: (position: number) => number | Promise<number>;
}

/** The feed; the cursor is a position. */
export function feedSource(engine: StorageEngine, filter: FeedFilter | undefined): Source {
  const place = 'position';
  const { types, streamPrefix, slots } = filter ?? {};
  return {
    key: `feed ${JSON.stringify([streamPrefix, types && [...types].sort(), slots])}`,
    place,
    end: (position) => position,
    read: async (cursor) => {
      const request = { after: cursor, limit: blockEventsMax, ...(filter !== undefined && { filter }) };
      for await (const batch of engine.readFeed(request)) {
        return encodeBlock(batch, { place, cursor, end: batch.caughtUp ? batch.through : undefined });
      }
      throw new Error('Broken invariant: a read behind the cursor gives a batch');
    },
  };
}

/** A stream, which need not exist; the cursor is a version, and may be past the end. */
export function streamSource(engine: StorageEngine, streamId: StreamId): Source {
  const place = 'version';
  return {
    key: `stream ${streamId}`,
    place,
    end: () => engine.streamVersion(streamId),
    read: async (cursor) => {
      const end = await engine.streamVersion(streamId);
      if (cursor >= end) return encodeBlock(nothing(cursor), { place, cursor, end });
      const request = { streamId, from: cursor + 1, limit: blockEventsMax, direction: 'forward' } as const;
      for await (const batch of engine.readStream(request)) {
        return encodeBlock(batch, { place, cursor, end: batch.through >= end ? batch.through : undefined });
      }
      throw new Error('Broken invariant: a read behind the cursor gives a batch');
    },
  };
}

function nothing(through: number): Batch {
  return { lines: new Uint8Array(), count: 0, through };
}
