/**
 * How many connections fit the descriptors that the process may have. Without a bound below that,
 * whoever opens enough connections leaves the engine none for its next file.
 */

/** Held without any connection: about 40 at the start, files of the log being read and indexed, a new one. */
const descriptorsReserved = 192;
const connectionsMin = 8;
const connectionsMost = 10_000;

export function connectionsMax(descriptorsMax: number): number {
  return Math.max(connectionsMin, Math.min(connectionsMost, descriptorsMax - descriptorsReserved));
}

/** The part of `process.report` that is needed. */
export interface ProcessReport {
  getReport(): object;
}

/** The bound of this process (`ulimit -n`); without one, as on systems that do not say, infinite. */
export function descriptorsMax(report: ProcessReport | undefined): number {
  if (report === undefined) return Number.POSITIVE_INFINITY;
  const { userLimits } = report.getReport() as { userLimits?: { open_files?: { soft: unknown } } };
  const soft = Number(userLimits?.open_files?.soft);
  return soft > 0 ? soft : Number.POSITIVE_INFINITY;
}
