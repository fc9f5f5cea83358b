/** What a thread with planted edits is asked, and what it tells. */
import type { Rule } from '../violation.ts';
import type { Edit } from './planted-bug.ts';

export interface PlantedRun {
  /** None: the scenario as it is, which must be clean. */
  readonly edits: readonly Edit[];
  readonly scenario: string;
  /** The rule that must be found broken; if not given, anything that is found is told. */
  readonly rule?: Rule;
  readonly firstSeed: number;
  readonly seeds: number;
}

export interface Caught {
  readonly seed: number;
  readonly message: string;
}

export interface PlantedReport {
  /** The first seed that finds it; `undefined` when none does. */
  readonly caught: Caught | undefined;
  /** Seeds before it that found something under another name. */
  readonly others: number;
}
