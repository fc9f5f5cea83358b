/** What a check of a data directory finds, exact enough to act on. */

export const findingKinds = [
  /** Half a group at the end of the log, as a crash leaves it: the next start cuts it off. */
  'torn-tail',
  /** Bytes of the log that are not as they were written. */
  'unreadable',
  /** A line whose own checksum alone is damaged: the event is whole. */
  'restorable',
  /** Events that were stored once and are in no file. */
  'missing',
  /** A file of another store, or of a copy of this one that went its own way. */
  'foreign',
  /** An intact line that contradicts the lines before it. */
  'inconsistent',
  /** `head` is absent, unreadable, or contradicts the log. */
  'head',
  /** The index contradicts the log. */
  'index',
  /** How far durable consumers have come is not as it was written. */
  'consumers',
  /** A file that is of no use to the store. */
  'surplus',
] as const;

export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
  readonly kind: FindingKind;
  /**
   * `damage` is what an intact store never has, `derived` is wrong and can be made anew from the
   * log, `notice` is what a crash or a careful operator explains.
   */
  readonly severity: 'damage' | 'derived' | 'notice';
  /** From the data directory on. */
  readonly file: string;
  readonly offset?: number;
  /** How many bytes from there on. */
  readonly bytes?: number;
  /** The first position concerned, and the last one if there are several. */
  readonly position?: number;
  readonly lastPosition?: number;
  readonly streamId?: string;
  readonly version?: number;
  /** What is wrong, as one sentence without its place. */
  readonly text: string;
}

/** Takes a finding, in the order of the log. */
export type Report = (finding: Finding) => void;
