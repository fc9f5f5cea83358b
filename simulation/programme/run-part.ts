/** Runs the trials of a part, one seed after the other, within its time. */
import type { Clock } from '../../packages/core/src/clock.ts';
import { whyVoid } from '../checker/why-void.ts';
import type { Part, Trial, TrialResult } from './part.ts';

export interface PartRun {
  readonly firstSeed: number;
  /** Stop when so many units were tried. */
  readonly wanted: number;
  /** Stop after so many trials. */
  readonly trialsMax?: number;
  readonly durationMsMax: number;
  readonly clock: Clock;
  readonly say: (text: string) => void;
  /** Breaks off the trial that is under way. */
  readonly signal?: AbortSignal;
}

export interface PartReport {
  readonly part: Part;
  readonly firstSeed: number;
  readonly trials: number;
  readonly done: number;
  readonly faults: { readonly planned: number; readonly hit: number };
  readonly figures: Readonly<Record<string, number>>;
  readonly durationMs: number;
  readonly failure: { readonly seed: number; readonly error: unknown } | undefined;
}

export async function runPart(part: Part, run: PartRun): Promise<PartReport> {
  const { clock, firstSeed, wanted, trialsMax = Number.POSITIVE_INFINITY, durationMsMax } = run;
  const startMs = clock.monotonicMs();
  const msLeft = () => startMs + durationMsMax - clock.monotonicMs();
  const total = { done: 0, faults: { planned: 0, hit: 0 }, figures: {} as Record<string, number> };
  let failure: PartReport['failure'];
  let trials = 0;
  let longestMs = 0;
  for (let seed = firstSeed; trials < trialsMax && total.done < wanted && msLeft() > longestMs; seed++) {
    const trialStartMs = clock.monotonicMs();
    try {
      const result = await runTrial(part, { ...run, seed, msLeft, wanted: wanted - total.done });
      if (result === 'broken-off') break;
      add(total, result);
    } catch (error) {
      failure = { seed, error };
      break;
    }
    trials++;
    longestMs = Math.max(longestMs, clock.monotonicMs() - trialStartMs);
  }
  failure ??= voidFailure(total.faults, firstSeed);
  return { part, firstSeed, trials, ...total, durationMs: clock.monotonicMs() - startMs, failure };
}

type OneTrial = Pick<PartRun, 'clock' | 'say' | 'signal'> & Pick<Trial, 'seed' | 'msLeft' | 'wanted'>;

async function runTrial(part: Part, { clock, say, signal, seed, msLeft, wanted }: OneTrial) {
  await using cleanUps = new AsyncDisposableStack();
  const { promise: over, resolve } = Promise.withResolvers<'broken-off'>();
  const breakOff = () => resolve('broken-off');
  const timer = clock.after(Math.max(0, msLeft()), breakOff);
  cleanUps.defer(() => timer.cancel());
  signal?.addEventListener('abort', breakOff);
  cleanUps.defer(() => signal?.removeEventListener('abort', breakOff));
  if (signal?.aborted) return 'broken-off';
  const trial: Trial = { seed, clock, wanted, msLeft, say, defer: (cleanUp) => cleanUps.defer(cleanUp) };
  return await Promise.race([part.run(trial), over]);
}

function add(
  total: { done: number; faults: { planned: number; hit: number }; figures: Record<string, number> },
  { done, faults = { planned: 0, hit: 0 }, figures = {} }: TrialResult,
): void {
  total.done += done;
  total.faults.planned += faults.planned;
  total.faults.hit += faults.hit;
  for (const [name, value] of Object.entries(figures)) total.figures[name] = (total.figures[name] ?? 0) + value;
}

function voidFailure(faults: PartReport['faults'], seed: number): PartReport['failure'] {
  const nothing = { operations: { planned: 0, done: 0 }, contended: { done: 0, conflicts: 0 } };
  const reason = whyVoid({ ...nothing, faults });
  return reason === undefined ? undefined : { seed, error: new Error(`void: ${reason}`) };
}
