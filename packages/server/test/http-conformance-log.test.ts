/**
 * The server keeps the HTTP contract over the embedded engine, with segments so small that borders are crossed often.
 * Shows P-12.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { httpConformance } from '@event-store/conformance';
import { openLogEngine } from '@event-store/engine-log';
import { type RunningServer, startServer } from '@event-store/server';

const directory = mkdtempSync(`${tmpdir()}/http-conformance-`);
const segmentBytes = 64 * 1024;
let server: RunningServer;

before(async () => {
  const options = { host: '127.0.0.1', port: 0, productVersion: 'test', logLevel: 'silent' } as const;
  server = await startServer(options, (observer) => openLogEngine({ directory, segmentBytes, observer }));
});
after(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

httpConformance({
  test: { describe, it },
  baseUrl: () => server.url,
  capabilities: {
    positionOnAppend: true,
    feed: true,
    listsStreams: true,
    noticesReusedIds: true,
    refusesForeignHosts: true,
    configured: undefined,
    shortTimeouts: false,
  },
  bytesBetweenCuts: 8,
});
