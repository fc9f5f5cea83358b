/** Which events of the feed a reader wants: the one place that decides it, for every engine. */
import { type SlotRange, slotOf } from './partition.ts';

/** An event passes when it passes every part that is given. */
export interface FeedFilter {
  /** The event's type is one of these. */
  readonly types?: ReadonlySet<string>;
  /** The stream id starts with this. */
  readonly streamPrefix?: string;
  /** The stream's slot is one of these (see partition.ts). */
  readonly slots?: SlotRange;
}

/** Whether an event passes; lines without a type are no events. */
export function passesFilter(
  { type, streamId }: { readonly type: string | undefined; readonly streamId: string },
  filter: FeedFilter,
): boolean {
  const { types } = filter;
  return (types === undefined || (type !== undefined && types.has(type))) && streamPassesFilter(streamId, filter);
}

/** Whether events of a stream can pass: what is known without reading them. */
export function streamPassesFilter(streamId: string, { streamPrefix = '', slots }: FeedFilter): boolean {
  if (!streamId.startsWith(streamPrefix)) return false;
  if (slots === undefined) return true;
  const slot = slotOf(streamId);
  return slot >= slots.first && slot < slots.end;
}
