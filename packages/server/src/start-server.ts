/**
 * Puts the server together: it listens first, so that readiness can be asked while the engine is
 * being opened, and serves once there is an engine.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, type EngineObserver, StartError, type StorageEngine, systemClock } from '@event-store/core';
import type { Logger } from 'pino';
import { Consumers } from './consumers/consumers.ts';
import { Admission } from './http/admission.ts';
import { Backlog } from './http/backlog.ts';
import { AccessCheck, isLoopback } from './http/check-access.ts';
import { Connections } from './http/connections.ts';
import { type App, createApp } from './http/create-app.ts';
import {
  connectionsMaxDefault,
  createHttpServer,
  type RequestTimeouts,
  requestTimeouts,
} from './http/create-http-server.ts';
import { PathMethods } from './http/path-methods.ts';
import { Refusals } from './http/refusals.ts';
import { createRoutes } from './http/routes/create-routes.ts';
import { openLog } from './observability/log.ts';
import { Metrics } from './observability/metrics.ts';
import { randomEpoch } from './random-epoch.ts';
import type { RunningServer, ServerOptions } from './server-options.ts';
import { stopServer } from './stop-server.ts';
import { StoreAccess } from './store-access.ts';
import { Subscriptions } from './subscriptions/subscriptions.ts';

/** Bytes of unfinished bodies and untaken pages: ten of the largest bodies and as many pages, and thousands of small ones. */
const backlogBytesMax = 128 * 1024 * 1024;

/** What the parts of one server share. */
interface Parts {
  readonly timeouts: RequestTimeouts;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly store: StoreAccess;
  readonly connections: Connections;
  readonly backlog: Backlog;
  readonly subscriptions: Subscriptions;
  readonly consumers: Consumers;
}

/**
 * Starts a server over the engine that `openEngine` opens.
 *
 * @throws StartError `cannot-listen`; whatever `openEngine` throws, once nothing listens any more.
 */
export async function startServer(
  options: ServerOptions,
  openEngine: (observer: EngineObserver) => Promise<StorageEngine>,
): Promise<RunningServer> {
  const { host, clock = systemClock } = options;
  const log = openLog(options.logLevel ?? 'info', options.logDestination);
  const timeouts = { ...requestTimeouts, ...options.timeouts };
  const metrics = new Metrics();
  const backlog = new Backlog({ bytesMax: backlogBytesMax, stallMsMax: timeouts.stallMs });
  const store = new StoreAccess();
  const subscriptions = new Subscriptions({ clock, backlog, metrics });
  const knownPosition = () => subscriptions.rounds.lastPosition;
  const parts = {
    timeouts,
    clock,
    log,
    metrics,
    store,
    connections: new Connections(clock),
    backlog,
    subscriptions,
    consumers: new Consumers({ store, clock, metrics, newEpoch: randomEpoch, knownPosition }),
  };
  const app = await createAppOf(options, parts);
  const port = await listen(app.server, options, log);
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  try {
    const engine = await openEngine(observerOf(parts));
    const { rounds } = parts.subscriptions;
    engine.onCommit((position) => rounds.committed(position), { isAwaited: () => rounds.isAwaited });
    parts.store.opened(engine);
    sayOpen(log, engine, { url, engine: engine.capabilities.name, version: options.productVersion });
    warnIfExposed(options, log);
    let stopping: Promise<void> | undefined;
    return {
      url,
      port,
      stop: () => {
        stopping ??= stopServer({ ...parts, app, engine });
        return stopping;
      },
    };
  } catch (error) {
    await stopServer({ ...parts, app, engine: undefined });
    throw error;
  }
}

function createAppOf(options: ServerOptions, parts: Parts): Promise<App> {
  const { connections, timeouts } = parts;
  const refusals = new Refusals(parts);
  const methods = new PathMethods();
  const { host, allowedHosts = [], allowedOrigins = [], token, connectionsMax = connectionsMaxDefault } = options;
  const access = new AccessCheck({ host, allowedHosts, allowedOrigins, token });
  const admission = new Admission({ connections, access, methods, refusals });
  const app: Promise<App> = createApp({
    ...parts,
    refusals,
    routes: createRoutes({ ...parts, describe: async () => (await app).describe() }),
    methods,
    productVersion: options.productVersion,
    createServer: (next) =>
      createHttpServer({ admission, lane: { ...parts, access, refusals }, timeouts, connectionsMax, next }),
  });
  return app;
}

/** By what the operating system says. */
const listenAdvice: ReadonlyMap<string | undefined, string> = new Map([
  ['EADDRINUSE', 'Choose another with --port, or stop the program that has it.'],
  ['EACCES', 'Choose a port from 1024 on with --port, or let this user have lower ones.'],
  ['EADDRNOTAVAIL', 'Choose an address of this machine with --host.'],
  ['ENOTFOUND', 'Choose an address of this machine with --host.'],
]);

function listen(server: Server, { host, port }: ServerOptions, log: Logger): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException) => {
      const advice = listenAdvice.get(cause.code) ?? 'Choose another with --host and --port.';
      const text = `Cannot listen on ${host}, port ${port}: ${cause.message}. ${advice}`;
      reject(new StartError('cannot-listen', text, { cause }));
    };
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.removeListener('error', failed);
      // Out of descriptors, say: the connection is lost, the server goes on.
      server.on('error', (error) => log.error({ err: error }, 'A connection could not be accepted'));
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function observerOf({ log, metrics, store }: Parts): EngineObserver {
  return {
    groupCommitted: (group) => metrics.groupCommitted(group),
    notice: ({ level, message, fields = {} }) => log[level](fields, message),
    progress: (progress) => store.progressed(progress),
  };
}

/** What is said last must not contradict readiness: a store that takes no appends is not ready. */
function sayOpen(log: Logger, engine: StorageEngine, fields: object): void {
  const health = engine.health();
  if (health.state === 'ready') log.info(fields, 'The event store is ready');
  else if (health.state === 'read-only') log.error(fields, `The event store serves reads only: ${health.reason}`);
  else log.error(fields, `The event store is open, but takes no appends: ${health.reason}`);
}

function warnIfExposed({ host, token }: ServerOptions, log: Logger): void {
  if (isLoopback(host) || token !== undefined) return;
  log.warn({ host }, 'Whoever reaches this address can read and append: set a token');
}
