import type { Contender } from '../contenders/contender.ts';
import { durableStreams } from '../contenders/durable-streams.ts';
import { eventStore } from '../contenders/event-store.ts';
import { messageDb } from '../contenders/message-db.ts';
import { natsJetStream } from '../contenders/nats-jetstream.ts';
import { redisStreams } from '../contenders/redis-streams.ts';
import { anonymousMiB } from '../measure/anonymous-memory.ts';
import { compare } from './compare.ts';
import { withStarted } from './with-started.ts';
import type { Workload } from './workload.ts';

/** Starts, looks, stops. */
interface StartsUp {
  startUp(): Promise<{ readonly seconds: number; readonly anonymousMiB: number }>;
}

const contenders = [eventStore, redisStreams, messageDb, natsJetStream, durableStreams].map(starting);

/** What it costs to have one, before it is used. */
export const startUp: Workload = {
  name: 'start-up',
  title: 'Starting on nothing',
  about:
    'From the command to the first moment at which it takes requests, with an empty store, and its anonymous memory ' +
    '(RssAnon) then; of PostgreSQL the first of its processes.',
  run: (settings) =>
    withStarted({ contenders, settings }, (started) =>
      compare({
        title: 'an empty store',
        started,
        settings,
        measure: ({ running }) => running.startUp(),
        figures: [
          { name: 'start', unit: 's', better: 'less', of: ({ seconds }) => seconds },
          { name: 'anonymous memory', unit: 'MiB', better: 'less', of: (round) => round.anonymousMiB },
        ],
      }),
    ),
};

/** The first start prepares the directory and is not measured. */
function starting(contender: Contender<unknown>): Contender<StartsUp> {
  return {
    ...contender,
    async start(directory) {
      const first = await contender.start(directory);
      await first.stop();
      return {
        processId: undefined,
        versions: first.versions,
        async startUp() {
          const startedMs = performance.now();
          const running = await contender.start(directory);
          const seconds = (performance.now() - startedMs) / 1_000;
          const memory = anonymousMiB(running.processId as number);
          await running.stop();
          return { seconds, anonymousMiB: memory };
        },
        stop: async () => undefined,
      };
    },
  };
}
