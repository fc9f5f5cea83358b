/** The server keeps the HTTP contract over DynamoDB, through a proxy that allows only the least policy. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { httpConformance } from '@event-store/conformance';
import { openDynamodbEngine } from '@event-store/engine-dynamodb';
import { type RunningServer, startServer } from '@event-store/server';
import { createTable, type Emulator, startDynoxide } from '../packages/engine-dynamodb/test/emulator.ts';
import { FaultProxy } from '../packages/engine-dynamodb/test/fault-proxy.ts';

/** Without the feed most of the suite asks for the same; it has its turn in the full run. */
const skipped = process.env.EVENT_STORE_TEST_FULL === '1' ? false : 'SKIPPED (EVENT_STORE_TEST_FULL=1 runs it)';

for (const feed of ['on', 'off'] as const) {
  describe(`with the feed ${feed}`, { skip: feed === 'off' && skipped }, () => {
    let emulator: Emulator;
    let proxy: FaultProxy;
    let server: RunningServer;

    before(async () => {
      emulator = await startDynoxide();
      proxy = await FaultProxy.start({ target: emulator.endpoint, chance: () => 1 });
      const table = { ...(await createTable(emulator)), endpoint: proxy.endpoint };
      const options = { host: '127.0.0.1', port: 0, productVersion: 'test', logLevel: 'silent' } as const;
      server = await startServer(options, async (observer) => openDynamodbEngine({ ...table, feed, observer }));
    });
    after(async () => {
      await server.stop();
      assert.equal(proxy.refused, 0, 'nothing but PutItem and Query was asked for');
      await proxy.stop();
      await emulator.stop();
    });

    httpConformance({
      test: { describe, it },
      baseUrl: () => server.url,
      capabilities: {
        positionOnAppend: false,
        feed: feed === 'on',
        listsStreams: false,
        noticesReusedIds: false,
        refusesForeignHosts: true,
        configured: undefined,
        shortTimeouts: false,
      },
      bytesBetweenCuts: 32,
      momentsOfCatchingUp: 1_000,
    });
  });
}
