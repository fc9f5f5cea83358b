/** What planted bugs are run against; without one of them it finds nothing. */
export interface Scenario {
  /**
   * One run, decided by the seed.
   *
   * @throws Violation, or another error where something is wrong that has no name
   */
  run(seed: number): Promise<void>;
}

/** The scenarios by name, each loaded only when it is asked for, since what it loads may be changed before. */
export const scenarios: Readonly<Record<string, () => Promise<Scenario>>> = {
  'chunked-body': () => import('./scenarios/chunked-body.ts'),
  corruption: () => import('./scenarios/corruption.ts'),
  crashes: () => import('./scenarios/crashes.ts'),
  'dynamodb-schedules': () => import('./scenarios/dynamodb-schedules.ts'),
  'failed-syncs': () => import('./scenarios/failed-syncs.ts'),
  'failing-calls': () => import('./scenarios/failing-calls.ts'),
  lock: () => import('./scenarios/lock.ts'),
  'slow-subscriber': () => import('./scenarios/slow-subscriber.ts'),
  'stale-segments': () => import('./scenarios/stale-segments.ts'),
  server: () => import('./scenarios/server.ts'),
  'short-writes': () => import('./scenarios/short-writes.ts'),
};
