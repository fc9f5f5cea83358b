import type { AppendResult, StreamAppend } from '@event-store/core';
import type { VersionRange } from '../items/event-item.ts';
import type { AppendTicket } from './append-ticket.ts';

/** Stores appends: plainly where the feed is off, through a lane where it is on. */
export interface AppendWriter {
  append(append: StreamAppend, ticket: AppendTicket): Promise<AppendResult>;
  /** Finishes what is under way, as far as it can be in time. */
  close(): Promise<void>;
}

export function appended({ streamId }: StreamAppend, { firstVersion, count }: VersionRange): AppendResult {
  const version = firstVersion + count - 1;
  return { outcome: 'appended', streams: [{ streamId, firstVersion, version, position: undefined }] };
}
