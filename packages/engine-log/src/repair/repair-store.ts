/**
 * Repairs a data directory while no store runs in it: says what it would give up, and gives it up
 * once told to. An intact store, and one that was repaired, is left as it is.
 */
import { StartError } from '@event-store/core';
import { isDiskFull } from '../file-system.ts';
import type { LostEvent } from '../format/lost-line.ts';
import { checkStore, reportOf, storeIn, type VerifyOptions, type VerifyReport } from '../verify/verify-store.ts';
import { applyRepair } from './apply-repair.ts';
import { planRepair, type RepairPlan } from './plan-repair.ts';
import { repairedSegments, surplusSegments } from './segment-parts.ts';

export interface RepairOptions extends VerifyOptions {
  /** Told what would be given up; whether to go on. */
  readonly confirm: (loss: PlannedLoss) => Promise<boolean>;
}

/** What a repair gives up. */
export interface PlannedLoss {
  readonly report: VerifyReport;
  readonly events: readonly LostEvent[];
  /** Events that cannot be told to be of which stream: its end, and perhaps its versions, will be given again. */
  readonly unknownEvents: number;
  /** Whether all consumers are given up with it. */
  readonly losesConsumers: boolean;
}

export interface RepairResult {
  readonly outcome: 'intact' | 'refused' | 'repaired';
  /** After the repair, if there was one. */
  readonly report: VerifyReport;
  /** How many files the repair put into `repaired/`. */
  readonly keptFiles: number;
}

/** @throws StartError as `verifyStore`; `foreign-data` when there is no way to repair it, and nothing was changed. */
export async function repairStore(options: RepairOptions): Promise<RepairResult> {
  await storeIn(options);
  const lock = await options.lock(options.directory);
  try {
    return await repair(options);
  } finally {
    lock.release();
  }
}

async function repair(options: RepairOptions): Promise<RepairResult> {
  const { fileSystem, directory } = options;
  const checked = await checkStore(options);
  const { store, head, log, findings } = checked;
  const { storeId } = store;
  const report = reportOf(checked);
  if (report.isIntact) return { outcome: 'intact', report, keptFiles: 0 };
  const plan: RepairPlan = await planRepair(log, { ...options, storeId, findings });
  const losesConsumers = findings.some(({ kind }) => kind === 'consumers');
  const isTold = await options.confirm({
    report,
    events: plan.lost,
    unknownEvents: plan.unknownEvents,
    losesConsumers,
  });
  if (!isTold) return { outcome: 'refused', report, keptFiles: 0 };
  const surplus = surplusSegments(plan);
  const last = log.ends.findLast(({ segment }) => !surplus.includes(segment));
  const applied = applyRepair({
    fileSystem,
    directory,
    storeId,
    losesConsumers,
    segments: repairedSegments(plan, store),
    surplus,
    end: {
      segment: last?.segment.firstPosition ?? 0,
      offset: last?.offset ?? 0,
      position: last?.position ?? 0,
      checksum: last?.digits ?? 0,
    },
    sequence: (head[0]?.sequence ?? 0) + 1,
  });
  const keptFiles = await applied.catch((cause: unknown) => {
    if (!isDiskFull(cause)) throw cause;
    throw new StartError(
      'cannot-create',
      'the disk is full: a repair needs room for a copy of each segment that it mends; free some and run it again',
      { cause },
    );
  });
  const after = reportOf(await checkStore(options));
  if (!after.isIntact)
    throw new StartError(
      'foreign-data',
      `${directory} is still damaged after the repair; run verify, move what does not belong there out of log/, or restore it from a copy.`,
    );
  return { outcome: 'repaired', report: after, keptFiles };
}
