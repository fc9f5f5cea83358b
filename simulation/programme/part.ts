/**
 * A part of the programme: one kind of proof, made of trials. One seed is one trial, so a failure is
 * told by its seed, and trials go on until the time is over or the count is reached.
 */
import type { Clock } from '../../packages/core/src/clock.ts';
import type { Need } from './needs.ts';

export interface Part {
  /** `T4`: its row in the programme. */
  readonly id: string;
  /** One word that `--only` takes as well: `kills`. */
  readonly name: string;
  /** What is tried, for the table of totals. */
  readonly title: string;
  /** What is counted, in plural: `kills`. */
  readonly unit: string;
  /** How many in the short programme, in a full run, and in all before 1.0. */
  readonly counts: { readonly short: number; readonly full: number; readonly goal: number };
  /** What the machine must have; without it the part is skipped aloud. */
  readonly needs: readonly Need[];
  /** Fulfils when nothing was found; rejects with what is wrong. */
  run(trial: Trial): Promise<TrialResult>;
}

/** One trial, and what it may use. Everything that is left to chance comes from the seed. */
export interface Trial {
  readonly seed: number;
  readonly clock: Clock;
  /** How many of the part's units are still wanted; a trial that cannot say does what is usual. */
  readonly wanted: number;
  /** How long it may still take; a trial that is not over then is broken off and not counted. */
  msLeft(): number;
  /** Cleans up after the trial, however it ends, last things first: processes, mounts, directories. */
  defer(cleanUp: () => void | Promise<void>): void;
  /** A line for whoever watches a long trial. */
  say(text: string): void;
}

export interface TrialResult {
  /** Units that were tried. */
  readonly done: number;
  /** Faults that were planned, and those that really hit; a part with too few hits shows nothing. */
  readonly faults?: { readonly planned: number; readonly hit: number };
  /** Further sums for the ledger: `operations`, `conflicts`. */
  readonly figures?: Readonly<Record<string, number>>;
}
