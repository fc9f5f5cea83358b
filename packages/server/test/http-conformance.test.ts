/** The server keeps the HTTP contract, over the memory engine. */
import { after, before, describe, it } from 'node:test';
import { httpConformance } from '@event-store/conformance';
import { openMemoryEngine } from '@event-store/engine-memory';
import { type RunningServer, startServer } from '@event-store/server';

let server: RunningServer;

before(async () => {
  const timeouts = { headMs: 1_000, requestMs: 2_000 };
  const options = { host: '127.0.0.1', port: 0, productVersion: 'test', logLevel: 'silent', timeouts } as const;
  server = await startServer(options, async (observer) => openMemoryEngine({ observer }));
});
after(() => server.stop());

httpConformance({
  test: { describe, it },
  baseUrl: () => server.url,
  capabilities: {
    positionOnAppend: true,
    feed: true,
    listsStreams: true,
    refusesForeignHosts: true,
    shortTimeouts: true,
  },
});
