/**
 * What the index knows: for each stream its version and where its events are, for client ids
 * their versions, and some positions of the feed. All of it is derived from the log, may be
 * deleted, and lags behind it.
 */
import type { ListStreamsRequest, StreamSummary } from '@event-store/core';
import type { LogEnd } from '../format/head-file.ts';
import type { Segment } from '../segment/segment-list.ts';

/** Where an event's line stands. */
export interface EventPlace {
  readonly position: number;
  /** First position of the segment. */
  readonly segment: number;
  readonly offset: number;
  readonly bytes: number;
}

/** A position of the feed whose line's start is known: where a walk to a later one begins. */
export type Anchor = Pick<EventPlace, 'position' | 'segment' | 'offset'>;

/** So far apart are anchors: what a walk from one to the next reads at most. */
export const anchorSpacingBytes = 64 * 1024;

export interface IndexReader {
  /** The stream's version as far as the index has come; 0 when it does not know the stream. */
  streamVersion(streamId: string): number;
  /** The places of versions `from` … `through`, in this order; versions whose lines could not be read are left out. */
  places(range: VersionRange): VersionedPlace[];
  versionOfId(streamId: string, id: string): number | undefined;
  /** The last anchor at or before a position. */
  anchorBefore(position: number): Anchor | undefined;
  listStreams(request: ListStreamsRequest): StreamSummary[];
  /** Lets what `Indexer.advance` has covered be seen. */
  refresh(): void;
  close(): Promise<void>;
}

export interface VersionRange {
  readonly streamId: string;
  readonly from: number;
  readonly through: number;
}

export interface VersionedPlace extends EventPlace {
  readonly version: number;
}

/** What the indexer makes of one line. */
export interface IndexEntry {
  readonly streamId: string;
  readonly version: number;
  /** The client's id, where the event has one. */
  readonly id: string | undefined;
  readonly place: EventPlace;
}

export interface IndexWriter {
  /** The end of what the index covers; `undefined` when it is new. */
  covered(): LogEnd | undefined;
  /** How many versions the entries have left out since it was new, each below one that they had. */
  readonly skippedVersions: number;
  /** Adds entries and anchors and moves the coverage, all at once and durably. */
  write(batch: IndexBatch): void;
  /** Forgets everything. */
  clear(): void;
  close(): Promise<void>;
}

export interface IndexBatch {
  /** In the order of the log. */
  readonly entries: readonly IndexEntry[];
  readonly anchors: readonly Anchor[];
  readonly covered: LogEnd;
}

/** Brings the index up to the log; its calls must not overlap. */
export interface Indexer {
  /** The end of what the index covers, as far as is known here. */
  readonly covered: LogEnd | undefined;
  /**
   * The last position without an entry, where versions that streams lack do not tell of all such
   * positions whose they were; 0 otherwise. Since the index was new.
   */
  readonly lostThrough: number;
  /** Indexes the log up to `end`; `segments` are those from the covered end on. */
  advance(end: LogEnd, segments: readonly Segment[]): Promise<void>;
  clear(): Promise<void>;
  close(): Promise<void>;
}
