/** A run in which too little happened shows nothing, whatever the checker says. */

export interface RunCounts {
  readonly operations: { readonly planned: number; readonly done: number };
  /** Appends that competed for a version, and those that lost. */
  readonly contended: { readonly done: number; readonly conflicts: number };
  readonly faults?: { readonly planned: number; readonly hit: number };
}

const doneShareMin = 0.9;
const conflictShareMin = 0.2;
const hitShareMin = 0.8;

/** Why a run shows nothing; `undefined` when it does. */
export function whyVoid({ operations, contended, faults = { planned: 0, hit: 0 } }: RunCounts): string | undefined {
  if (operations.done < operations.planned * doneShareMin) {
    return `only ${operations.done} of ${operations.planned} operations ran`;
  }
  if (contended.conflicts < contended.done * conflictShareMin) {
    return `only ${contended.conflicts} of ${contended.done} appends that competed had a conflict`;
  }
  if (faults.hit < faults.planned * hitShareMin) return `only ${faults.hit} of ${faults.planned} planned faults hit`;
  return undefined;
}
