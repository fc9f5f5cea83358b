/**
 * Says which record brought a run of events into the feed that were written without a lane: by the
 * original service, or while the feed was off.
 *
 *     Entity ID            Version                    nonce  count  lane
 *     -/late/<stream id>   first version of the run   …      12     7:42
 */
import { type Item, integer, partitionKey, sortKey } from '../table.ts';
import type { VersionRange } from './event-item.ts';
import { type LanePlace, parseLanePlace, printLanePlace } from './lane-place.ts';

export interface LateRun extends VersionRange {
  readonly lane: LanePlace;
}

export function lateRunPartition(streamId: string): string {
  return `-/late/${streamId}`;
}

export function encodeLateRun(streamId: string, { firstVersion, count, lane }: LateRun, nonce: string): Item {
  return {
    [partitionKey]: lateRunPartition(streamId),
    [sortKey]: firstVersion,
    nonce,
    count,
    lane: printLanePlace(lane),
  };
}

export function decodeLateRun(item: Item): LateRun {
  const lane = parseLanePlace(item.lane);
  if (lane === undefined) throw new TypeError(`A late run names no record: ${item[partitionKey]}`);
  return { firstVersion: integer(item, sortKey), count: integer(item, 'count'), lane };
}
