/** The server keeps the HTTP contract where it requires a token, over the memory engine. */
import { after, before, describe, it } from 'node:test';
import { httpConformance } from '@event-store/conformance';
import { openMemoryEngine } from '@event-store/engine-memory';
import { type RunningServer, startServer } from '@event-store/server';

const token = 'open-sesame';
let server: RunningServer;

before(async () => {
  const options = { host: '127.0.0.1', port: 0, productVersion: 'test', logLevel: 'silent', token } as const;
  server = await startServer(options, async (observer) => openMemoryEngine({ observer }));
});
after(() => server.stop());

httpConformance({
  test: { describe, it },
  baseUrl: () => server.url,
  token,
  capabilities: {
    positionOnAppend: true,
    feed: true,
    listsStreams: true,
    noticesReusedIds: true,
    refusesForeignHosts: true,
    configured: undefined,
    shortTimeouts: false,
  },
  momentsOfCatchingUp: 500,
});
