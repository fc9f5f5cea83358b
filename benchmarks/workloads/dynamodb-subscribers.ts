import { neighbouringServers } from '../contenders/neighbouring-servers.ts';
import { percentilesOf } from '../measure/percentiles.ts';
import { compare } from './compare.ts';
import { withStarted } from './with-started.ts';
import type { Workload } from './workload.ts';

const appends = 200;

/** How soon a subscriber hears of what another instance appends, and what it costs to listen. */
export const dynamodbSubscribers: Workload = {
  name: 'dynamodb-subscribers',
  title: 'A subscriber on one instance, appends on another, over DynamoDB',
  about:
    'From the request of an append to the event at the subscriber, one append after the other at random moments. ' +
    'Then the queries of an instance with one subscriber while nobody appends.',
  run: (settings) =>
    withStarted({ contenders: [neighbouringServers], settings }, (started) =>
      compare({
        title: 'two instances over one emulator',
        started,
        settings,
        measure: async ({ running }) => ({
          latencyMs: percentilesOf(await running.latencies(appends)),
          idleQueriesPerSecond: await running.idleQueriesPerSecond(settings.seconds),
        }),
        figures: [
          { name: 'to the subscriber, median', unit: 'ms', better: 'less', of: ({ latencyMs }) => latencyMs.p50 },
          { name: 'to the subscriber, p99', unit: 'ms', better: 'less', of: ({ latencyMs }) => latencyMs.p99 },
          { name: 'idle', unit: 'queries/s', better: 'less', of: (round) => round.idleQueriesPerSecond },
        ],
      }),
    ),
};
