import type { Contender, FiltersFeed } from '../contenders/contender.ts';
import { eventStore } from '../contenders/event-store.ts';
import { grepSocket } from '../contenders/log-through-socket.ts';
import { compare } from './compare.ts';
import { withStarted } from './with-started.ts';
import type { Workload } from './workload.ts';

const contenders: readonly Contender<FiltersFeed>[] = [eventStore, grepSocket];
const wantedEvery = 100;

/** How fast a reader can catch up that wants little of it. */
export const feedFiltered: Workload = {
  name: 'feed-filtered',
  title: 'One type of event out of the feed',
  about:
    `One reader takes the events of one type, every ${wantedEvery}th of the feed; beside it \`grep\` of the log ` +
    'through a socket. Events looked at count, not events sent.',
  run: (settings) =>
    withStarted({ contenders, settings }, async (started) => {
      const { events } = settings;
      for (const { running } of started) await running.fillMixedFeed({ events, wantedEvery });
      return compare({
        title: `${events.toLocaleString('en')} events`,
        started,
        settings,
        async measure({ contender, running }) {
          const replayed = await running.replayWanted();
          if (replayed.events === events / wantedEvery) return replayed;
          throw new Error(`${contender.name} sent ${replayed.events} events of ${events / wantedEvery}`);
        },
        figures: [{ name: 'throughput', unit: 'events/s', better: 'more', of: ({ seconds }) => events / seconds }],
      });
    }),
};
