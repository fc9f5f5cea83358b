/**
 * An event as an item: the four attributes that the table always had, and ours beside them.
 *
 *     Entity ID   Version  Event Type     Data   id        time  metadata  batch        nonce   lane
 *     account-1   5        MoneyMoved     eyJ…   client's  …Z    {…}       4:2          Yk3f…   7:42
 *                                                                          first:count          lane:record
 *
 * Items of the original service have the first four only. `batch` is there where the append had
 * several events, `lane` where the feed was on.
 */
import { openEventLine, type ProposedEvent, type RecordedEvent } from '@event-store/core';
import { type Item, integer, partitionKey, sortKey, text } from '../table.ts';
import { type LanePlace, parseLanePlace, printLanePlace } from './lane-place.ts';

/** The versions that one append took. */
export interface VersionRange {
  readonly firstVersion: number;
  readonly count: number;
}

export interface EventItemFields {
  readonly streamId: string;
  readonly version: number;
  readonly event: ProposedEvent;
  readonly time: string;
  readonly batch: VersionRange;
  readonly nonce: string;
  readonly lane: LanePlace | undefined;
}

export function encodeEvent({ streamId, version, event, time, batch, nonce, lane }: EventItemFields): Item {
  return {
    [partitionKey]: streamId,
    [sortKey]: version,
    'Event Type': event.type,
    Data: event.data,
    ...(event.id !== undefined && { id: event.id }),
    time,
    ...(event.metadata !== undefined && { metadata: event.metadata }),
    ...(batch.count > 1 && { batch: `${batch.firstVersion}:${batch.count}` }),
    nonce,
    ...(lane !== undefined && { lane: printLanePlace(lane) }),
  };
}

/** The append that an event belongs to. */
export function batchOf(item: Item): VersionRange {
  const match = typeof item.batch === 'string' ? /^([1-9]\d*):([1-9]\d*)$/.exec(item.batch) : null;
  return match === null
    ? { firstVersion: integer(item, sortKey), count: 1 }
    : { firstVersion: Number(match[1]), count: Number(match[2]) };
}

/** The last version that is certainly there when this event is: one visible event proves its append. */
export function provenVersion(item: Item): number {
  const { firstVersion, count } = batchOf(item);
  return firstVersion + count - 1;
}

/** The record that brought an event into the feed; none for events of the original service. */
export function laneOf(item: Item): LanePlace | undefined {
  return parseLanePlace(item.lane);
}

/** The event as a JSON line with its line feed. */
export function eventItemLine(item: Item, position?: number): string {
  const line = openEventLine({
    streamId: text(item, partitionKey),
    version: integer(item, sortKey),
    event: proposedEvent(item),
    ...(typeof item.time === 'string' && { time: item.time }),
    ...(position !== undefined && { position }),
  });
  return `${line}}\n`;
}

export function recordedEvent(item: Item): RecordedEvent {
  return JSON.parse(eventItemLine(item)) as RecordedEvent;
}

function proposedEvent(item: Item): ProposedEvent {
  return {
    type: text(item, 'Event Type'),
    data: text(item, 'Data'),
    id: typeof item.id === 'string' ? item.id : undefined,
    metadata: typeof item.metadata === 'string' ? item.metadata : undefined,
  };
}
