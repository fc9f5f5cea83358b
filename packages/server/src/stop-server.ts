import { Server as NetServer } from 'node:net';
import type { Clock, StorageEngine } from '@event-store/core';
import type { Connections } from './http/connections.ts';
import type { App } from './http/create-app.ts';
import type { StoreAccess } from './store-access.ts';
import type { Subscriptions } from './subscriptions/subscriptions.ts';

/** An answer that takes longer is cut off. */
const answersMsMax = 7_000;
/** From the beginning; an engine that takes longer to close is left to the end of the process. */
const stopMsMax = 9_500;

/**
 * Stops gracefully: no new appends, subscribers are told their cursors, and what is under way is
 * answered, while whoever asks is told that the server drains; then no new connections, and the
 * engine is closed.
 */
export async function stopServer(parts: {
  app: App;
  connections: Connections;
  store: StoreAccess;
  subscriptions: Subscriptions;
  clock: Clock;
  engine: StorageEngine | undefined;
}): Promise<void> {
  const { app, connections, store, subscriptions, clock, engine } = parts;
  const { server } = app;
  const tooLate = Promise.withResolvers<void>();
  const timers = [
    clock.after(answersMsMax, () => connections.destroyAll()),
    clock.after(stopMsMax, () => tooLate.resolve()),
  ];
  store.drain();
  subscriptions.stop();
  await connections.drain();
  // The close of http.Server destroys connections whose answers are written but not yet flushed.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  void connections.drain();
  await closed;
  server.close();
  await app.close();
  await Promise.race([engine?.close(), tooLate.promise]);
  for (const timer of timers) timer.cancel();
}
