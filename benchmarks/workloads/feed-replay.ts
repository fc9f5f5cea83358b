import type { Contender, Replayed, ReplaysFeed } from '../contenders/contender.ts';
import { eventStore } from '../contenders/event-store.ts';
import { catSocket } from '../contenders/log-through-socket.ts';
import { redisStreams } from '../contenders/redis-streams.ts';
import { compare } from './compare.ts';
import { withStarted } from './with-started.ts';
import type { Settings, Workload } from './workload.ts';

const contenders: readonly Contender<ReplaysFeed>[] = [eventStore, catSocket, redisStreams];

/** How fast a reader can catch up. */
export const feedReplay: Workload = {
  name: 'feed-replay',
  title: 'The whole feed over one connection',
  about:
    'One reader takes all events in order as fast as they come: from this store as NDJSON, the log by `cat` through ' +
    'a socket of the same kind, one stream of Redis in pages of 1,000 by `XRANGE`. And again, until the time is over.',
  run: (settings) =>
    withStarted({ contenders, settings }, async (started) => {
      const { events } = settings;
      for (const { contender, running } of started) {
        settings.report(`filling ${contender.name} with ${events} events`);
        await running.fillFeed(events);
      }
      return compare({
        title: `${events.toLocaleString('en')} events`,
        started,
        settings,
        measure: ({ running }) => replayAgain(running, settings),
        figures: [{ name: 'throughput', unit: 'events/s', better: 'more', of: perSecond }],
      });
    }),
};

/** One replay alone is over before code and buffers are what they are in a long one. */
async function replayAgain(running: ReplaysFeed, { seconds }: Settings): Promise<Replayed> {
  const total = { events: 0, bytes: 0, seconds: 0 };
  while (total.seconds < seconds) {
    const replayed = await running.replay();
    for (const name of ['events', 'bytes', 'seconds'] as const) total[name] += replayed[name];
  }
  return total;
}

function perSecond({ events, seconds }: Replayed): number {
  return events / seconds;
}
