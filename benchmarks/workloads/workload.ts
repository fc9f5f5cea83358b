/** What a workload is given, and what it hands back to be printed and kept. */
import type { Spread } from '../measure/spread.ts';

export interface Workload {
  readonly name: string;
  readonly title: string;
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
  readonly connections: readonly number[];
  readonly report: (line: string) => void;
}

/** One figure of all contenders, measured in turn, round by round. */
export interface Comparison {
  readonly title: string;
  readonly unit: string;
  readonly contenders: readonly Measured[];
}

export interface Measured {
  readonly name: string;
  readonly promise: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly figure: Spread;
  /** The first contender's figure divided by this one's, round by round. */
  readonly firstAgainstThis: Spread;
  readonly anonymousMiBMax: number | undefined;
  /** Whatever else was measured, a round each. */
  readonly rounds: readonly unknown[];
}
