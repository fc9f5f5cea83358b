import type { LogEnd } from '../format/head-file.ts';

/** Where the log ends, with all that is needed to write the next line. */
export interface LogTip extends LogEnd {
  /** Milliseconds since 1970 of the last event: times never decrease. */
  readonly timeMs: number;
}
