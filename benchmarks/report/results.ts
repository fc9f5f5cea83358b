/** What a run keeps, and pages and plots are made of. */
import type { Surroundings } from '../measure/surroundings.ts';
import type { Comparison, Settings, Workload } from '../workloads/workload.ts';

export interface Results {
  readonly when: string;
  readonly surroundings: Surroundings;
  readonly settings: Omit<Settings, 'directory' | 'report'>;
  readonly results: readonly WorkloadResult[];
}

export interface WorkloadResult extends Omit<Workload, 'run'> {
  readonly comparisons: readonly Comparison[];
}
