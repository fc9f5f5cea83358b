import { bareHttp } from '../contenders/bare-http.ts';
import type { Appends, Contender } from '../contenders/contender.ts';
import { durableStreams } from '../contenders/durable-streams.ts';
import { eventStore } from '../contenders/event-store.ts';
import { messageDb } from '../contenders/message-db.ts';
import { natsJetStream, natsJetStreamSynced } from '../contenders/nats-jetstream.ts';
import { redisStreams } from '../contenders/redis-streams.ts';
import { syncLoop } from '../contenders/sync-loop.ts';
import { smallAppends } from '../load/sample-event.ts';
import { appendRounds, throughputAndLatency } from './append-rounds.ts';
import { withStarted } from './with-started.ts';
import type { Workload } from './workload.ts';

const contenders: readonly Contender<Appends>[] = [
  eventStore,
  redisStreams,
  messageDb,
  natsJetStream,
  natsJetStreamSynced,
  durableStreams,
  bareHttp,
  syncLoop,
];

/** The figure that everybody asks for first, against everybody. */
export const singleAppend: Workload = {
  name: 'single-append',
  title: 'One small event an append',
  about:
    'Each connection appends one small event and waits for its answer before it sends the next. The events go to a ' +
    'thousand streams in turn.',
  run: (settings) =>
    withStarted({ contenders, settings }, (started) =>
      appendRounds({
        started,
        settings,
        figures: throughputAndLatency,
        cases: settings.connections.map((connections) => ({
          title: `${connections} ${connections === 1 ? 'connection' : 'connections'}`,
          at: { axis: 'connections', value: connections },
          load: { ...smallAppends, connections },
        })),
      }),
    ),
};
