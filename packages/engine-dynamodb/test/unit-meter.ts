/** What an event costs to append, metered at a proxy between the engine and an emulator. */
import assert from 'node:assert/strict';
import { parseStreamId, type StorageEngine } from '@event-store/core';
import { openDynamodbEngine } from '@event-store/engine-dynamodb';
import { createTable, type Emulator, startDynoxide } from './emulator.ts';
import { FaultProxy } from './fault-proxy.ts';

/** With a stream id of 36 bytes it is an item of just under 1 KB. */
const data = 'A'.repeat(856);
const rounds = 10;

interface Load {
  readonly feed: 'on' | 'off';
  /** Appends at once, each of one event to a stream of its own. */
  readonly group: number;
  readonly hasIds?: boolean;
}

export class UnitMeter {
  readonly #emulator: Emulator;
  readonly #proxy: FaultProxy;

  private constructor(emulator: Emulator, proxy: FaultProxy) {
    this.#emulator = emulator;
    this.#proxy = proxy;
  }

  static async start(): Promise<UnitMeter> {
    const emulator = await startDynoxide();
    return new UnitMeter(emulator, await FaultProxy.start({ target: emulator.endpoint, chance: () => 1 }));
  }

  /** After a first round, in which heads are looked up and the lane is opened. */
  async unitsOfEvent({ feed, group, hasIds = false }: Load): Promise<number> {
    const proxy = this.#proxy;
    const table = { ...(await createTable(this.#emulator)), endpoint: proxy.endpoint };
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

  async stop(): Promise<void> {
    await this.#proxy.stop();
    await this.#emulator.stop();
  }
}

async function readToEnd(engine: StorageEngine): Promise<void> {
  for await (const { count } of engine.readFeed({ after: 0, filter: { streamPrefix: '-' } })) assert.equal(count, 0);
}
