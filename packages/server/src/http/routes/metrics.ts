import { Type } from 'typebox';
import type { Consumers } from '../../consumers/consumers.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { StoreAccess } from '../../store-access.ts';
import type { Subscriptions } from '../../subscriptions/subscriptions.ts';
import type { Connections } from '../connections.ts';
import { type Route, readMethods } from '../route.ts';
import { send } from '../send.ts';

/** `GET /-/metrics`: figures for Prometheus. */
export function metricsRoute(parts: {
  store: StoreAccess;
  metrics: Metrics;
  connections: Connections;
  subscriptions: Subscriptions;
  consumers: Consumers;
}): Route {
  const { store, metrics, connections, subscriptions, consumers } = parts;
  const headers = ['Content-Type', metrics.contentType];
  return {
    path: '/-/metrics',
    methods: readMethods,
    summary: 'Figures for Prometheus',
    tag: 'operations',
    answers: { 200: { 'text/plain': Type.String() } },
    handle: async ({ response }) => {
      const { engine } = store;
      const now = {
        connections: connections.count,
        ready: store.readiness().ready,
        subscribers: subscriptions.count,
        subscriberLagEventsMax: await subscriptions.lagEventsMax(),
        consumers: await consumers.figures(),
      };
      send(response, { status: 200, headers, body: await metrics.print(engine, now) });
    },
  };
}
