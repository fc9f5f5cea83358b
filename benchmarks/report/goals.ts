/** The goals of the project that are ratios of a run, and how far a run reaches them. */
import type { Results } from './results.ts';

interface Goal {
  readonly what: string;
  readonly workload: string;
  /** The title of the comparison; any where it tells but the size of what was read. */
  readonly comparison: string | undefined;
  readonly against: string;
  readonly above: number;
}

const goals: readonly Goal[] = [
  singleAppend({ connections: 64, against: 'Redis Streams', above: 1 }),
  singleAppend({ connections: 256, against: 'Redis Streams', above: 1 }),
  singleAppend({ connections: 64, against: 'Message DB', above: 12 }),
  {
    what: 'events in appends of 100',
    workload: 'append-batches',
    comparison: '100 events an append',
    against: 'Redis Streams',
    above: 1,
  },
  {
    what: 'replay of the feed',
    workload: 'feed-replay',
    comparison: undefined,
    against: 'cat through a socket',
    above: 0.8,
  },
  { what: 'replay of the feed', workload: 'feed-replay', comparison: undefined, against: 'Redis Streams', above: 5 },
  hotRead({ against: 'Redis Streams', above: 0.5 }),
  hotRead({ against: 'Message DB', above: 10 }),
];

export interface Reached {
  readonly what: string;
  readonly against: string;
  readonly above: number;
  readonly ratio: number;
}

/** Those of which the run measured both sides. */
export function reachedGoals({ results }: Pick<Results, 'results'>): readonly Reached[] {
  return goals.flatMap(({ what, workload, comparison, against, above }) => {
    const measured = results
      .find(({ name }) => name === workload)
      ?.comparisons.find(({ title }) => comparison === undefined || title === comparison)
      ?.contenders.find(({ name }) => name === against);
    return measured === undefined ? [] : [{ what, against, above, ratio: measured.firstAgainstThis.median }];
  });
}

function singleAppend({ connections, ...rest }: { connections: number; against: string; above: number }): Goal {
  const what = `single durable append, ${connections} connections`;
  return { what, workload: 'single-append', comparison: `${connections} connections`, ...rest };
}

function hotRead(rest: { against: string; above: number }): Goal {
  const what = 'read of a stream of 100 events, hot';
  return { what, workload: 'stream-read', comparison: '100 events, hot', ...rest };
}
