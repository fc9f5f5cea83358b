/** What clients did and were told, and the violations that it shows against what was stored. */
import type { AppendResult, RecordedEvent, StreamId } from '@event-store/core';
import type { Connection } from '../checker/history.ts';

export interface AppendOperation {
  readonly number: number;
  readonly streamId: StreamId;
  readonly expectedVersion: number | undefined;
  readonly count: number;
  readonly hasIds: boolean;
  readonly attempts: AppendAttempt[];
}

export interface AppendAttempt {
  readonly feed: 'on' | 'off';
  /** The version that somebody had been told before it began. */
  readonly toldVersion: number;
  readonly startMs: number;
  /** Absent when it is not known: no answer, or `outcome-unknown`. */
  result?: AppendResult;
  endMs?: number;
}

interface Times {
  readonly startMs: number;
  readonly endMs: number;
}

export interface StreamRead extends Times {
  readonly streamId: string;
  /** The version that it began at. */
  readonly from: number;
  readonly toldVersion: number;
  readonly events: readonly RecordedEvent[];
  /** Whether it went on to the end. */
  readonly isWhole: boolean;
}

export interface FeedRead extends Times {
  readonly after: number;
  /** How many appends through instances with a feed were acknowledged before it began. */
  readonly acknowledged: number;
  readonly events: readonly RecordedEvent[];
  readonly isCaughtUp: boolean;
}

export class History {
  readonly appends: AppendOperation[] = [];
  readonly streamReads: StreamRead[] = [];
  readonly feedReads: FeedRead[] = [];
  readonly connections: Connection[] = [];
  /** Appends through instances with a feed, in the order in which their answers came. */
  readonly acknowledged: AppendOperation[] = [];
  readonly #told = new Map<string, number>();

  /** The newest version of a stream that anybody has been told. */
  toldVersion(streamId: string): number {
    return this.#told.get(streamId) ?? 0;
  }

  tell(streamId: string, version: number): void {
    this.#told.set(streamId, Math.max(version, this.toldVersion(streamId)));
  }
}

/** The names of an append's events, which are their types: number, index, count. */
export function eventNames({ number, count }: { number: number; count: number }): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${number}-${index}-${count}`);
}
