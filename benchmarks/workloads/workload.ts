/** What a workload is given, and what it hands back to be printed, kept and drawn. */
import type { Spread } from '../measure/spread.ts';

export interface Workload {
  readonly name: string;
  readonly title: string;
  /** What is measured, and what is equal or unequal between contenders, in a sentence or two. */
  readonly about: string;
  run(settings: Settings): Promise<readonly Comparison[]>;
}

export interface Settings {
  /** Where contenders keep their data; a directory of its own for each. */
  readonly directory: string;
  readonly rounds: number;
  /** Of each measurement of a workload that takes as long as it is told to. */
  readonly seconds: number;
  /** Of the feed that is replayed. */
  readonly events: number;
  /** Of the largest store. */
  readonly growthEvents: number;
  readonly connections: readonly number[];
  readonly report: (line: string) => void;
}

/** One figure of all contenders, measured in turn, round by round. */
export interface Comparison {
  readonly title: string;
  /** What of it, where there are several. */
  readonly figure: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  /** Its place on a curve, where the workload varies something. */
  readonly at?: { readonly axis: string; readonly value: number };
  readonly contenders: readonly Measured[];
}

export interface Measured {
  readonly name: string;
  readonly promise: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly figure: Spread;
  /** The first contender's figure divided by this one's, round by round. */
  readonly firstAgainstThis: Spread;
  /** Said once, like the rounds, where there are several figures of them. */
  readonly anonymousMiBMax: number | undefined;
  /** All that was measured, a round each. */
  readonly rounds: readonly unknown[];
}
