import { Server as NetServer } from 'node:net';
import type { Clock, StorageEngine } from '@event-store/core';
import type { Connections } from './http/connections.ts';
import type { App } from './http/create-app.ts';
import type { StoreAccess } from './store-access.ts';

/** An answer that takes longer is cut off. */
const stopMsMax = 9_000;

/**
 * Stops gracefully: no new connections, no new appends; what is under way is answered, and every
 * connection is closed behind its last answer; then the engine is closed.
 */
export async function stopServer(parts: {
  app: App;
  connections: Connections;
  store: StoreAccess;
  clock: Clock;
  engine: StorageEngine | undefined;
}): Promise<void> {
  const { app, connections, store, clock, engine } = parts;
  const { server } = app;
  store.drain();
  // The close of http.Server destroys connections whose answers are written but not yet flushed.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  connections.drain();
  const deadline = clock.after(stopMsMax, () => server.closeAllConnections());
  await closed;
  deadline.cancel();
  server.close();
  await app.close();
  await engine?.close();
}
