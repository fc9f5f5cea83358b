/** What appends cost, metered from the bytes that are sent: the figures of the guide are bounds here. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { parseStreamId, type StorageEngine } from '@event-store/core';
import { openDynamodbEngine } from '@event-store/engine-dynamodb';
import { createTable, type Emulator, startDynoxide } from './emulator.ts';
import { FaultProxy } from './fault-proxy.ts';

/** With a stream id of 36 bytes it is an item of just under 1 KB. */
const data = 'A'.repeat(856);

let emulator: Emulator;
let proxy: FaultProxy;

before(async () => {
  emulator = await startDynoxide();
  proxy = await FaultProxy.start({ target: emulator.endpoint, chance: () => 1 });
});
after(async () => {
  await proxy.stop();
  await emulator.stop();
});

describe('write units of an event', () => {
  it('feed off: 1', async () => {
    assert.equal(await unitsOfEvent({ feed: 'off', group: 1 }), 1);
    assert.equal(await unitsOfEvent({ feed: 'off', group: 10 }), 1);
  });

  it('feed off, with a client id and no version: 4', async () => {
    assert.equal(await unitsOfEvent({ feed: 'off', group: 1, hasIds: true }), 4);
  });

  it('feed on, alone, with its page: 5', async () => {
    assert.ok((await unitsOfEvent({ feed: 'on', group: 1 })) <= 5);
  });

  for (const [group, unitsMax] of [
    [10, 2.35],
    [50, 2.2],
    [98, 2.2],
  ] as const) {
    it(`feed on, ${group} in a group: at most ${unitsMax}`, async () => {
      const units = await unitsOfEvent({ feed: 'on', group });
      assert.ok(units <= unitsMax, `${units}`);
    });
  }

  it('feed on, with a client id and no version: at most 7 alone and 4.35 in a group of ten', async () => {
    assert.ok((await unitsOfEvent({ feed: 'on', group: 1, hasIds: true })) <= 7);
    assert.ok((await unitsOfEvent({ feed: 'on', group: 10, hasIds: true })) <= 4.35);
  });
});

interface Load {
  readonly feed: 'on' | 'off';
  /** Appends at once, each of one event to a stream of its own. */
  readonly group: number;
  readonly hasIds?: boolean;
}

const rounds = 10;

/** After a first round, in which heads are looked up and the lane is opened. */
async function unitsOfEvent({ feed, group, hasIds = false }: Load): Promise<number> {
  const table = { ...(await createTable(emulator)), endpoint: proxy.endpoint };
  const engine = await openDynamodbEngine({ ...table, feed });
  const streamIds = Array.from({ length: group }, () => parseStreamId(crypto.randomUUID()));
  const round = async (number: number) => {
    const events = [{ type: 'MoneyDeposited', data, id: hasIds ? `id-${number}` : undefined, metadata: undefined }];
    await Promise.all(
      streamIds.map((streamId) => engine.append({ streams: [{ streamId, expectedVersion: undefined, events }] })),
    );
    if (feed === 'on') await readToEnd(engine);
  };
  await round(0);
  const before = proxy.writeUnits;
  for (let number = 1; number <= rounds; number++) await round(number);
  const units = proxy.writeUnits - before;
  await engine.close();
  return units / (rounds * group);
}

async function readToEnd(engine: StorageEngine): Promise<void> {
  for await (const { count } of engine.readFeed({ after: 0, filter: { streamPrefix: '-' } })) assert.equal(count, 0);
}
