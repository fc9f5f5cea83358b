/**
 * What one transaction brought into the feed, or the end of a lane.
 *
 *     Entity ID   Version  nonce  entries                                    seal
 *     -/lane/7    42       …      [["account-1",5,2,"6:17"],["account-2",1]]
 *     -/lane/7    43       …                                                 1
 *
 * An entry is a run of one stream: stream id, first version, count (1 when left out) and the
 * record of the event before it (left out at the beginning of a stream). A stream has at most one
 * entry in a record. Some of the events may be inlined (inlined-events.ts).
 */
import { type Item, integer, partitionKey, sortKey, text } from '../table.ts';
import type { VersionRange } from './event-item.ts';
import { type LanePlace, parseLanePlace, printLanePlace } from './lane-place.ts';

export interface LaneEntry extends VersionRange {
  readonly streamId: string;
  /** The record that brought in the event before the first of these. */
  readonly previous: LanePlace | undefined;
}

export interface LaneRecord {
  readonly number: number;
  readonly entries: readonly LaneEntry[];
  /** A sealed lane has no further records. */
  readonly seals: boolean;
}

export function lanePartition(lane: number): string {
  return `-/lane/${lane}`;
}

export function encodeLaneRecord(place: LanePlace, entries: readonly LaneEntry[], nonce: string): Item {
  return { ...laneKey(place), nonce, entries: JSON.stringify(entries.map(printEntry)) };
}

export function encodeSeal(place: LanePlace, nonce: string): Item {
  return { ...laneKey(place), nonce, seal: 1 };
}

export function decodeLaneRecord(item: Item): LaneRecord {
  const seals = item.seal === 1;
  const entries = seals ? [] : (JSON.parse(text(item, 'entries')) as PrintedEntry[]).map(parseEntry);
  return { number: integer(item, sortKey), entries, seals };
}

export function countEvents({ entries }: LaneRecord): number {
  return entries.reduce((sum, { count }) => sum + count, 0);
}

function laneKey({ lane, record }: LanePlace): Item {
  return { [partitionKey]: lanePartition(lane), [sortKey]: record };
}

type PrintedEntry = [streamId: string, firstVersion: number, count?: number, previous?: string];

function printEntry({ streamId, firstVersion, count, previous }: LaneEntry): PrintedEntry {
  if (previous !== undefined) return [streamId, firstVersion, count, printLanePlace(previous)];
  return count === 1 ? [streamId, firstVersion] : [streamId, firstVersion, count];
}

function parseEntry([streamId, firstVersion, count = 1, previous]: PrintedEntry): LaneEntry {
  return { streamId, firstVersion, count, previous: parseLanePlace(previous) };
}
