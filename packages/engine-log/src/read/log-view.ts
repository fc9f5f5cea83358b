import type { RecentEvents } from '../append/recent-events.ts';
import type { LogEnd } from '../format/head-file.ts';
import type { IndexReader, VersionedPlace, VersionRange } from '../index/log-index.ts';
import type { FoundDamage } from '../recovery/damage-watch.ts';
import type { LogTail } from '../segment/log-tail.ts';
import type { SegmentList } from '../segment/segment-list.ts';

/** What readers see: the log up to its durable end, through the index and what is not in it yet. */
export interface LogView {
  readonly segments: SegmentList;
  readonly tail: LogTail;
  readonly recent: RecentEvents;
  readonly index: IndexReader;
  readonly durable: () => LogEnd;
  /** Up to here there are positions of which nobody knows whose events stood there; 0 in an intact log. */
  readonly lostThrough: number;
  /** Told of each line that does not check out. */
  readonly foundDamage: (damage: FoundDamage) => void;
}

/** The stream's version among durable events. */
export function visibleVersion({ recent, index, durable }: LogView, streamId: string): number {
  return recent.streamVersion(streamId, durable().position) ?? index.streamVersion(streamId);
}

/** The places of versions `from` … `through`, in order, wherever they are known. */
export function placesOf({ recent, index }: LogView, range: VersionRange): VersionedPlace[] {
  const newest = recent.places(range);
  const through = newest[0] === undefined ? range.through : newest[0].version - 1;
  return through < range.from ? newest : [...index.places({ ...range, through }), ...newest];
}

/**
 * Whether events of a stream behind its version `head`, the newest that is intact, may be lost: in
 * a damaged log, when an event that nobody can name stood behind that one.
 */
export function mayGoOn(view: LogView, streamId: string, head: number): boolean {
  if (view.lostThrough === 0) return false;
  const [newest] = head === 0 ? [] : placesOf(view, { streamId, from: head, through: head });
  return (newest?.position ?? 0) < view.lostThrough;
}
