/**
 * Says where the append is whose first event has a client's id, so that a retry finds it.
 *
 *     Entity ID                      Version  nonce  first  count
 *     -/id/<stream id>/<event id>    1        …      5      2
 *
 * Written in the transaction of an append that has ids and no expected version: with a version,
 * the events at those versions tell a retry. Ids have no slash, so the key names one stream only.
 */
import { type Item, integer, partitionKey, sortKey } from '../table.ts';
import type { VersionRange } from './event-item.ts';

export interface IdMarkerKey {
  readonly streamId: string;
  readonly eventId: string;
}

export function idMarkerPartition({ streamId, eventId }: IdMarkerKey): string {
  return `-/id/${streamId}/${eventId}`;
}

export function encodeIdMarker(key: IdMarkerKey & { nonce: string; batch: VersionRange }): Item {
  return {
    [partitionKey]: idMarkerPartition(key),
    [sortKey]: 1,
    nonce: key.nonce,
    first: key.batch.firstVersion,
    count: key.batch.count,
  };
}

export function decodeIdMarker(item: Item): VersionRange {
  return { firstVersion: integer(item, 'first'), count: integer(item, 'count') };
}
