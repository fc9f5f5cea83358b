/** What the process that reads an index is asked: to open it first, then the rest. */
import type { WalkOptions } from './walk-log.ts';

export type IndexQuestion =
  | { readonly kind: 'open'; readonly directory: string; readonly storeId: string }
  | { readonly kind: 'check'; readonly walk: Omit<WalkOptions, 'fileSystem'> }
  | { readonly kind: 'names'; readonly positions: readonly number[] };
