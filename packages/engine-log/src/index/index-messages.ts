/** What the serving thread and the index thread say to each other: one request, progress, one answer. */
import type { LogEnd } from '../format/head-file.ts';
import type { Segment } from '../segment/segment-list.ts';

export interface IndexThreadData {
  readonly indexDirectory: string;
  readonly logDirectory: string;
  readonly storeId: string;
}

export type IndexRequest =
  | { readonly kind: 'advance'; readonly end: LogEnd; readonly segments: readonly Segment[] }
  | { readonly kind: 'clear' }
  | { readonly kind: 'close' };

export type IndexAnswer =
  | { readonly kind: 'done'; readonly covered: LogEnd | undefined }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | undefined }
  | { readonly kind: 'progress'; readonly position: number };
