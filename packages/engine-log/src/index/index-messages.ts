/** What the serving thread and the index thread say to each other: one request, progress, one answer. */
import type { LogEnd } from '../format/head-file.ts';
import type { LogPlace } from '../segment/log-cursor.ts';
import type { Segment } from '../segment/segment-list.ts';

export interface IndexThreadData {
  readonly indexDirectory: string;
  readonly logDirectory: string;
  readonly storeId: string;
  readonly stepsOverDamage: boolean;
}

export type IndexRequest =
  | { readonly kind: 'advance'; readonly end: LogEnd; readonly segments: readonly Segment[] }
  | { readonly kind: 'clear' }
  | { readonly kind: 'close' };

export type IndexAnswer =
  | { readonly kind: 'done'; readonly covered: LogEnd | undefined; readonly lostThrough: number }
  | ({ readonly kind: 'failed' } & IndexFailure)
  | { readonly kind: 'progress'; readonly position: number };

/** What is left of an error between threads. */
export interface IndexFailure {
  readonly message: string;
  /** The operating system's. */
  readonly code: string | undefined;
  /** Where the log is damaged. */
  readonly damage: LogPlace | undefined;
}
