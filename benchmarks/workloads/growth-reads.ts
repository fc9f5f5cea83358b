/** How a store of some size is read: whole streams, the whole feed, and what is new. */
import type { Running } from '../contenders/contender.ts';
import { eventStore, type StoreItself } from '../contenders/event-store.ts';
import { feedEnd } from '../load/feed-end.ts';
import { idleLatencies } from '../load/idle-latencies.ts';
import { readFeed } from '../load/read-feed.ts';
import { type Percentiles, percentilesOf } from '../measure/percentiles.ts';
import { compare } from './compare.ts';
import type { Comparison, Settings } from './workload.ts';

const connections = 16;

interface GrownReads {
  readonly title: string;
  readonly at: NonNullable<Comparison['at']>;
  readonly settings: Settings;
  readonly running: Running<StoreItself>;
  readonly streams: number;
  readonly eventsPerStream: number;
}

interface Round {
  readonly streamsPerSecond: number;
  readonly replayedPerSecond: number;
  readonly latencyMs: Percentiles;
}

export function growthReads({
  running,
  streams,
  eventsPerStream,
  ...size
}: GrownReads): Promise<readonly Comparison[]> {
  return compare({
    ...size,
    started: [{ contender: eventStore, running }],
    async measure(): Promise<Round> {
      const load = { streams, eventsPerStream, connections, seconds: size.settings.seconds };
      const { requestsPerSecond, failures } = await running.readStreams(load);
      if (failures > 0) throw new Error(`${failures} reads failed`);
      return {
        streamsPerSecond: requestsPerSecond,
        replayedPerSecond: await replay(running.port),
        latencyMs: percentilesOf(await idleLatencies(running.port)),
      };
    },
    figures: [
      { name: 'reads of streams', unit: 'streams/s', better: 'more', of: (round) => round.streamsPerSecond },
      { name: 'replay', unit: 'events/s', better: 'more', of: (round) => round.replayedPerSecond },
      { name: 'append to subscriber, median', unit: 'ms', better: 'less', of: ({ latencyMs }) => latencyMs.p50 },
      { name: 'append to subscriber, p99', unit: 'ms', better: 'less', of: ({ latencyMs }) => latencyMs.p99 },
    ],
  });
}

/** Events a second; positions have no gaps, so the last one tells how many came. */
async function replay(port: number): Promise<number> {
  const end = await feedEnd(port);
  const { seconds } = await readFeed({ port, lastPosition: end });
  return end / seconds;
}
