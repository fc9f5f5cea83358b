/** A backfill that dies at any of its writes, before it or right behind it, is completed by the next one. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { systemClock } from '@event-store/core';
import { backfillDynamodbTable, openDynamodbEngine, verifyDynamodbTable } from '@event-store/engine-dynamodb';
import { Backfill } from '../src/lanes/backfill.ts';
import { SdkTable } from '../src/sdk-table.ts';
import { systemRandom } from '../src/system-random.ts';
import type { Table } from '../src/table.ts';
import { createTable, type Emulator, startDynoxide } from './emulator.ts';

const streams = { a: 3, b: 1, c: 2 };

/** The registration of a lane, and a record for each stream. */
const writes = 4;

let emulator: Emulator;
before(async () => {
  emulator = await startDynoxide();
});
after(() => emulator.stop());

for (let last = 1; last <= writes; last++) {
  for (const lands of [false, true]) {
    it(`at write ${last}, which ${lands ? 'lands' : 'is lost'}`, async () => {
      const address = await createTable(emulator);
      const table = new SdkTable(address);
      for (const [streamId, count] of Object.entries(streams)) {
        for (let version = 1; version <= count; version++) {
          await table.put({ 'Entity ID': streamId, Version: version, 'Event Type': 'Opened', Data: '' });
        }
      }
      const died = Promise.withResolvers<void>();
      const dying = diesAt(table, { last, lands, died: died.resolve });
      const backfill = new Backfill({ table: dying, clock: systemClock, random: systemRandom, observer: {} });
      const running = Object.keys(streams).reduce((all, each) => all.then(() => backfill.run(each)), Promise.resolve());
      assert.equal(await Promise.race([died.promise.then(() => 'died'), running.then(() => 'done')]), 'died');
      await backfillDynamodbTable(address);
      assert.equal(await backfillDynamodbTable(address), 0);
      const engine = await openDynamodbEngine(address);
      let events = 0;
      for await (const { count } of engine.readFeed({ after: 0 })) events += count;
      assert.equal(events, 6);
      await engine.close();
      assert.deepEqual(await verifyDynamodbTable(address), []);
      table.close();
    });
  }
}

/** The last write of a process: nothing is heard of it, and nothing comes after it. */
function diesAt(table: Table, { last, lands, died }: { last: number; lands: boolean; died: () => void }): Table {
  let count = 0;
  const never = new Promise<never>(() => undefined);
  const write = async <Attempt>(send: () => Promise<Attempt>): Promise<Attempt> => {
    count++;
    if (count < last) return send();
    if (count === last && lands) await send();
    died();
    return never;
  };
  return {
    put: (item) => write(() => table.put(item)),
    transactPut: (items, token) => write(() => table.transactPut(items, token)),
    replace: (item, revision) => write(() => table.replace(item, revision)),
    query: (query) => (count < last ? table.query(query) : never),
  };
}
