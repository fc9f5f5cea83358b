/** The goals of the project that a run can show, and how far it reaches them. */
import type { Results } from './results.ts';

interface Goal {
  readonly what: string;
  readonly workload: string;
  /** The title of the comparison; any where there is one only. */
  readonly comparison?: string;
  readonly figure: string;
  /** Whom the ratio is to; if nobody, the figure itself counts. */
  readonly against?: string;
  readonly bound: Bound;
}

type Bound = { readonly above: number } | { readonly below: number };

const largest = { workload: 'growth', comparison: '10,000,000 events' };
const idle = { workload: 'subscribers', comparison: 'one subscriber, idle server, from request to subscriber' };
const replay = { what: 'replay of the feed', workload: 'feed-replay', figure: 'throughput' };
const hotRead = {
  what: 'read of a stream of 100 events, hot',
  workload: 'stream-read',
  comparison: '100 events, hot',
  figure: 'throughput',
};

const goals: readonly Goal[] = [
  { ...singleAppend(64), against: 'Redis Streams', bound: { above: 1 } },
  { ...singleAppend(256), against: 'Redis Streams', bound: { above: 1 } },
  { ...singleAppend(64), against: 'Message DB', bound: { above: 12 } },
  {
    what: 'events in appends of 100',
    workload: 'append-batches',
    comparison: '100 events an append',
    figure: 'throughput',
    against: 'Redis Streams',
    bound: { above: 1 },
  },
  { ...replay, against: 'cat through a socket', bound: { above: 0.8 } },
  { ...replay, against: 'Redis Streams', bound: { above: 5 } },
  { ...hotRead, against: 'Redis Streams', bound: { above: 0.5 } },
  { ...hotRead, against: 'Message DB', bound: { above: 10 } },
  { what: 'append to subscriber, idle, median, ms', ...idle, figure: 'median', bound: { below: 1 } },
  { what: 'append to subscriber, idle, p99, ms', ...idle, figure: 'p99', bound: { below: 5 } },
  {
    what: 'append rate at 10 million events',
    ...largest,
    figure: 'append rate',
    against: 'event-store that was empty',
    bound: { above: 0.9 },
  },
  {
    what: 'anonymous memory at 10 million events, MiB',
    ...largest,
    figure: 'anonymous memory',
    bound: { below: 400 },
  },
  {
    what: 'restart after kill -9 at 10 million events, s',
    ...largest,
    figure: 'restart after kill -9',
    bound: { below: 2 },
  },
  {
    what: 'appends over DynamoDB, feed off',
    workload: 'dynamodb-appends',
    comparison: 'without a feed',
    figure: 'rate',
    against: 'bare conditional puts',
    bound: { above: 0.9 },
  },
  {
    what: 'appends over DynamoDB, feed on, 3 instances with their clients',
    workload: 'dynamodb-appends',
    comparison: 'with a feed, 16 clients an instance',
    figure: 'rate',
    against: 'feed on, 1 instance',
    bound: { above: 1 },
  },
  {
    what: 'write units an event, feed on, ten at once',
    workload: 'dynamodb-write-units',
    comparison: '10 at once',
    figure: 'cost',
    bound: { below: 2.35 },
  },
];

export interface ReachedGoal {
  readonly what: string;
  /** Empty where the figure is no ratio. */
  readonly against: string;
  readonly bound: string;
  readonly value: number;
  readonly isReached: boolean;
}

/** Those that the run has figures for. */
export function reachedGoals({ results }: Pick<Results, 'results'>): readonly ReachedGoal[] {
  return goals.flatMap((goal) => {
    const value = measuredValue(goal, results);
    if (value === undefined) return [];
    const { what, against = '', bound } = goal;
    const isReached = 'above' in bound ? value > bound.above : value < bound.below;
    const printed = 'above' in bound ? `above ${bound.above}` : `below ${bound.below}`;
    return [{ what, against, bound: printed, value, isReached }];
  });
}

function measuredValue(
  { workload, comparison, figure, against }: Goal,
  results: Results['results'],
): number | undefined {
  const contenders = results
    .find(({ name }) => name === workload)
    ?.comparisons.find((each) => each.figure === figure && (comparison ?? each.title) === each.title)?.contenders;
  if (against === undefined) return contenders?.[0]?.figure.median;
  return contenders?.find(({ name }) => name === against)?.firstAgainstThis.median;
}

function singleAppend(connections: number) {
  const title = `${connections} connections`;
  return {
    what: `single durable append, ${title}`,
    workload: 'single-append',
    comparison: title,
    figure: 'throughput',
  };
}
