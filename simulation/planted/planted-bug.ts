/** A bug that only a simulation ever loads, to see that it is noticed, and under which name. */
import type { Rule } from '../violation.ts';

export interface PlantedBug {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** The rule that its scenario finds broken. */
  readonly caughtBy: Rule;
  /** What is run against it: a module of `scenarios/`. */
  readonly scenario: string;
  /** How many seeds it may take; a few hundred if not given. */
  readonly seeds?: number;
}

/** A change of one line of the product's source. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  /** Stands there exactly once; if not, planting fails, so that a bug never silently stops being one. */
  readonly find: string;
  readonly replace: string;
}
