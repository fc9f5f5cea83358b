/**
 * A page of the log: which lane records come next in the feed, and how far each lane is after it.
 *
 *     Entity ID  Version                          nonce  ranges                        lanes              mark
 *     -/log      position of its first event      …      [[7,40,42,12],[6,17,17,1]]    [[6,17],[7,42]]    7
 *
 * A range is lane, first record, last record, events. `lanes` are those that may still grow, with
 * their last record in the log; a lane that is not named is wholly in the log if its number is at
 * or below `mark`, and not in it at all if above.
 */
import { type Item, integer, partitionKey, sortKey, text } from '../table.ts';
import type { LanePlace } from './lane-place.ts';

export interface RecordRange {
  readonly lane: number;
  readonly firstRecord: number;
  readonly lastRecord: number;
  readonly events: number;
}

export interface LogPage {
  /** Position of its first event. */
  readonly position: number;
  readonly ranges: readonly RecordRange[];
  /** The last record in the log of each lane that may still grow. */
  readonly lanes: ReadonlyMap<number, number>;
  /** The last lane of the registry that was taken in. */
  readonly mark: number;
}

export const logPartition = '-/log';

/** Before the first page. */
export const emptyLog: LogPage = { position: 1, ranges: [], lanes: new Map(), mark: 0 };

export function encodeLogPage({ position, ranges, lanes, mark }: LogPage, nonce: string): Item {
  return {
    [partitionKey]: logPartition,
    [sortKey]: position,
    nonce,
    ranges: JSON.stringify(ranges.map((range) => [range.lane, range.firstRecord, range.lastRecord, range.events])),
    lanes: JSON.stringify([...lanes]),
    mark,
  };
}

export function decodeLogPage(item: Item): LogPage {
  const ranges = JSON.parse(text(item, 'ranges')) as [number, number, number, number][];
  return {
    position: integer(item, sortKey),
    ranges: ranges.map(([lane, firstRecord, lastRecord, events]) => ({ lane, firstRecord, lastRecord, events })),
    lanes: new Map(JSON.parse(text(item, 'lanes')) as [number, number][]),
    mark: integer(item, 'mark'),
  };
}

/** Position of the page's last event. */
export function endOf({ position, ranges }: LogPage): number {
  return ranges.reduce((end, { events }) => end + events, position - 1);
}

/** Whether a record is in the log once this page is. */
export function isInLog({ lanes, mark }: LogPage, { lane, record }: LanePlace): boolean {
  const through = lanes.get(lane);
  return through === undefined ? lane <= mark : record <= through;
}
