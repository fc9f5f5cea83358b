/** The server keeps the HTTP contract, over the memory engine. Shows P-13, P-15, P-21. */
import { after, before, describe, it } from 'node:test';
import { httpConformance } from '@event-store/conformance';
import { openMemoryEngine } from '@event-store/engine-memory';
import { type RunningServer, startServer } from '@event-store/server';

const configured = { origin: 'https://app.example', host: 'store.example' };
let server: RunningServer;

before(async () => {
  const options = {
    host: '127.0.0.1',
    port: 0,
    productVersion: 'test',
    logLevel: 'silent',
    allowedOrigins: [configured.origin],
    allowedHosts: [configured.host],
    timeouts: { headMs: 1_500, requestMs: 2_500 },
  } as const;
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
    noticesReusedIds: true,
    refusesForeignHosts: true,
    configured,
    shortTimeouts: true,
  },
  momentsOfCatchingUp: 2_000,
});
