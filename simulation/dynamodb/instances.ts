/** The instances of a run: started, paused, stopped and killed, with other writers beside them. */
import { parseStreamId, type StreamId } from '@event-store/core';
import { definitePut } from '../../packages/engine-dynamodb/src/definite-put.ts';
import { DynamodbEngine } from '../../packages/engine-dynamodb/src/dynamodb-engine.ts';
import { encodeSeal, lanePartition } from '../../packages/engine-dynamodb/src/items/lane-record.ts';
import { laneRegistryPartition } from '../../packages/engine-dynamodb/src/items/lane-registry.ts';
import { Backfill } from '../../packages/engine-dynamodb/src/lanes/backfill.ts';
import { readLast } from '../../packages/engine-dynamodb/src/read-items.ts';
import { integer, partitionKey, sortKey } from '../../packages/engine-dynamodb/src/table.ts';
import type { Chance } from './chance.ts';
import type { SimulatedDynamodb } from './simulated-dynamodb.ts';
import { SimulatedProcess } from './simulated-process.ts';
import type { VirtualTime } from './virtual-time.ts';

export const streamIds: readonly StreamId[] = ['a', 'b', 'c', 'old'].map(parseStreamId);

export interface Instance {
  readonly process: SimulatedProcess;
  readonly engine: DynamodbEngine;
  readonly feed: 'on' | 'off';
}

export class Instances {
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #dynamodb: SimulatedDynamodb;
  readonly running: Instance[] = [];
  #legacyEvents = 0;

  constructor(options: { time: VirtualTime; chance: Chance; dynamodb: SimulatedDynamodb }) {
    this.#time = options.time;
    this.#chance = options.chance;
    this.#dynamodb = options.dynamodb;
  }

  start(feed: 'on' | 'off'): Instance {
    const process = this.#process();
    const sealing = { idleMsMax: 100, openLanesMax: 4 };
    const instance = { process, feed, engine: new DynamodbEngine({ world: process.world, feed, sealing }) };
    this.running.push(instance);
    return instance;
  }

  /** One thing that may befall an instance, or that somebody else does to the table. */
  async befall(): Promise<void> {
    const instance = this.#chance.one(this.running);
    switch (this.#chance.integer(0, 7)) {
      case 0:
      case 1:
        instance.process.isKilled = true;
        return this.#replace(instance);
      case 2:
        void instance.engine.close();
        return this.#replace(instance);
      case 3:
      case 4:
        return instance.process.pause(this.#chance.between(20, 900));
      case 5:
        return this.#sealSomeLane();
      case 6:
        return this.#appendAsOriginalService();
      default:
        return this.backfill();
    }
  }

  async backfill(): Promise<void> {
    const backfill = new Backfill(this.#process().world);
    for (const streamId of streamIds) await backfill.run(streamId);
    await backfill.close();
  }

  /** What the original service wrote before there was anything else. */
  writeOldEvents(): void {
    for (const streamId of ['old', 'b']) {
      for (let version = 1; version <= this.#chance.integer(0, 5); version++) {
        this.#dynamodb.put(this.#oldEvent(streamId, version));
      }
    }
  }

  #process(): SimulatedProcess {
    return new SimulatedProcess({ time: this.#time, chance: this.#chance, dynamodb: this.#dynamodb });
  }

  async #replace(instance: Instance): Promise<void> {
    this.running.splice(this.running.indexOf(instance), 1);
    if (this.running.length > 0) await this.#time.wait(this.#chance.between(0, 60));
    this.start(instance.feed);
  }

  async #sealSomeLane(): Promise<void> {
    const { world } = this.#process();
    const registered = await readLast(world, laneRegistryPartition);
    if (registered === undefined) return;
    const lane = this.#chance.integer(1, integer(registered, sortKey));
    const last = await readLast(world, lanePartition(lane));
    if (last?.seal === 1) return;
    const record = last === undefined ? 1 : integer(last, sortKey) + 1;
    await definitePut(world, encodeSeal({ lane, record }, world.random.nonce()));
  }

  async #appendAsOriginalService(): Promise<void> {
    const { world } = this.#process();
    const streamId = this.#chance.one(streamIds);
    const head = await readLast(world, streamId);
    await world.table.put(this.#oldEvent(streamId, head === undefined ? 1 : integer(head, sortKey) + 1));
  }

  #oldEvent(streamId: string, version: number) {
    this.#legacyEvents++;
    const type = `old${this.#legacyEvents}-0-1`;
    return { [partitionKey]: streamId, [sortKey]: version, 'Event Type': type, Data: '' };
  }
}
