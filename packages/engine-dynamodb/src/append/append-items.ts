/** The items of one append: its events, and a marker where a retry could not be told by versions. */
import type { StreamAppend } from '@event-store/core';
import type { Head } from '../heads.ts';
import { encodeEvent, type VersionRange } from '../items/event-item.ts';
import { encodeIdMarker } from '../items/id-marker.ts';
import type { LanePlace } from '../items/lane-place.ts';
import type { Item } from '../table.ts';
import { needsIdMarker } from './plan-append.ts';

export interface AppendItems {
  readonly append: StreamAppend;
  readonly firstVersion: number;
  readonly nonce: string;
  readonly time: string;
  readonly lane: LanePlace | undefined;
}

export function appendItems({ append, firstVersion, nonce, time, lane }: AppendItems): readonly Item[] {
  const { streamId, events } = append;
  const batch: VersionRange = { firstVersion, count: events.length };
  const items = events.map((event, index) =>
    encodeEvent({ streamId, version: firstVersion + index, event, time, batch, nonce, lane }),
  );
  const eventId = events[0]?.id;
  if (eventId !== undefined && needsIdMarker(append)) items.push(encodeIdMarker({ streamId, eventId, nonce, batch }));
  return items;
}

/** Now, but never before the event in front: times only inform, yet they do not go back in a stream. */
export function timeBehind(head: Pick<Head, 'time'>, nowMs: number): string {
  const now = new Date(nowMs).toISOString();
  return now > head.time ? now : head.time;
}
