/** What clients did and were told, and the violations that it shows against what was stored. */
import type { AppendResult, StreamId } from '@event-store/core';

export interface AppendOperation {
  readonly number: number;
  readonly streamId: StreamId;
  readonly expectedVersion: number | undefined;
  readonly count: number;
  readonly hasIds: boolean;
  readonly startMs: number;
  readonly attempts: AppendAttempt[];
}

export interface AppendAttempt {
  readonly feed: 'on' | 'off';
  /** The version that somebody had been told before it began. */
  readonly toldVersion: number;
  /** Absent when it is not known: no answer, or `outcome-unknown`. */
  result?: AppendResult;
  endMs?: number;
}

export interface StreamRead {
  readonly streamId: string;
  /** The version that it began at. */
  readonly from: number;
  readonly toldVersion: number;
  readonly names: readonly string[];
  /** Whether it went on to the end. */
  readonly isWhole: boolean;
}

export interface FeedRead {
  readonly after: number;
  /** How many appends through instances with a feed were acknowledged before it began. */
  readonly acknowledged: number;
  readonly names: readonly string[];
  readonly positions: readonly number[];
  readonly isCaughtUp: boolean;
}

/** What one subscriber was sent, over all its connections. */
export interface Subscription {
  readonly names: string[];
  /** Connections that it needed. */
  connections: number;
}

/** Something that must never happen. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export class History {
  readonly appends: AppendOperation[] = [];
  readonly streamReads: StreamRead[] = [];
  readonly feedReads: FeedRead[] = [];
  readonly subscriptions: Subscription[] = [];
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
