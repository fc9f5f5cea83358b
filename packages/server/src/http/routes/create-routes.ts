import type { Clock } from '@event-store/core';
import type { Consumers } from '../../consumers/consumers.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { StoreAccess } from '../../store-access.ts';
import type { Subscriptions } from '../../subscriptions/subscriptions.ts';
import type { Backlog } from '../backlog.ts';
import type { Connections } from '../connections.ts';
import type { Route } from '../route.ts';
import { appendRoutes } from './append.ts';
import { checkpointRoute } from './checkpoint.ts';
import { consumerRoutes } from './consumer.ts';
import { consumerEventsRoute } from './consumer-events.ts';
import { healthRoutes } from './health.ts';
import { limitsRoute } from './limits.ts';
import { listStreamsRoute } from './list-streams.ts';
import { metricsRoute } from './metrics.ts';
import { onlineRoute } from './online.ts';
import { openApiRoute } from './open-api.ts';
import { readEventRoute } from './read-event.ts';
import { readFeedRoute } from './read-feed.ts';
import { readStreamRoute } from './read-stream.ts';

/** Every resource of the server. */
export function createRoutes(parts: {
  store: StoreAccess;
  metrics: Metrics;
  connections: Connections;
  clock: Clock;
  backlog: Backlog;
  subscriptions: Subscriptions;
  consumers: Consumers;
  describe: () => Promise<string>;
}): readonly Route[] {
  const { store, describe } = parts;
  return [
    onlineRoute,
    ...appendRoutes(parts),
    readStreamRoute(parts),
    readEventRoute(store),
    readFeedRoute(parts),
    listStreamsRoute(store),
    ...consumerRoutes(parts),
    consumerEventsRoute(parts),
    checkpointRoute(parts),
    ...healthRoutes(store),
    metricsRoute(parts),
    limitsRoute(store),
    openApiRoute(store, describe),
  ];
}
