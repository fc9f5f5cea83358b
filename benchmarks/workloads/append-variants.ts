/** Appends that vary one thing: how many events, into how many streams, how large. */
import type { Appends, Contender } from '../contenders/contender.ts';
import { durableStreams } from '../contenders/durable-streams.ts';
import { eventStore } from '../contenders/event-store.ts';
import { messageDb } from '../contenders/message-db.ts';
import { redisStreams } from '../contenders/redis-streams.ts';
import { syncLoop } from '../contenders/sync-loop.ts';
import { smallAppends } from '../load/sample-event.ts';
import { type AppendCase, appendRounds, throughput } from './append-rounds.ts';
import { withStarted } from './with-started.ts';
import type { Workload } from './workload.ts';

const connections = 64;
const load = { ...smallAppends, connections };

export const appendBatches = variants({
  name: 'append-batches',
  title: 'Appends of several events',
  about:
    `An append of several events over each of ${connections} connections, atomic here and in Message DB. Redis has no ` +
    'such thing: it is sent 16 commands at once.',
  contenders: [eventStore, redisStreams, messageDb, durableStreams, syncLoop],
  cases: [10, 100].map((eventsPerAppend) => ({
    title: `${eventsPerAppend} events an append`,
    load: { ...load, eventsPerAppend },
  })),
});

export const appendStreams = variants({
  name: 'append-streams',
  title: 'One stream, and a million',
  about: `Single appends over ${connections} connections, all to one stream or spread over a million.`,
  contenders: [eventStore, redisStreams, messageDb],
  cases: [
    { title: 'all to one stream', load: { ...load, streams: 1 } },
    { title: 'over a million streams', load: { ...load, streams: 1_000_000 } },
  ],
});

export const appendSizes = variants({
  name: 'append-sizes',
  title: 'Larger events',
  about:
    `Single appends over ${connections} connections to a hundred streams. Data is sent to this store as base64, which ` +
    'is a third longer, and to the others as it is; it cannot be compressed.',
  contenders: [eventStore, redisStreams, messageDb, syncLoop],
  cases: [
    { title: '100 B', load: { ...load, streams: 100, dataBytes: 100 } },
    { title: '1 KB', load: { ...load, streams: 100, dataBytes: 1_000 } },
    { title: '100 KB', load: { ...load, streams: 100, dataBytes: 100_000 }, secondsMax: 1 },
  ],
});

interface Variants extends Omit<Workload, 'run'> {
  readonly contenders: readonly Contender<Appends>[];
  readonly cases: readonly AppendCase[];
}

function variants({ contenders, cases, ...about }: Variants): Workload {
  return {
    ...about,
    run: (settings) =>
      withStarted({ contenders, settings }, (started) =>
        appendRounds({ started, settings, cases, figures: throughput }),
      ),
  };
}
