import { once } from 'node:events';
import { request } from 'node:http';
import { systemClock } from '@event-store/core';
import { startServer } from '@event-store/server';
import { DynamodbEngine } from '../../packages/engine-dynamodb/src/dynamodb-engine.ts';
import { SdkTable } from '../../packages/engine-dynamodb/src/sdk-table.ts';
import { systemRandom } from '../../packages/engine-dynamodb/src/system-random.ts';
import type { Table } from '../../packages/engine-dynamodb/src/table.ts';
import { createTable, startDynoxide } from '../../packages/engine-dynamodb/test/emulator.ts';
import { EventSubscriber } from '../load/event-subscriber.ts';
import type { Contender } from './contender.ts';

/** A subscriber on one server, appends on another. */
export interface TellsNeighbours {
  /** One append after the other, each once the one before has arrived; milliseconds from its request to the subscriber. */
  latencies(appends: number): Promise<readonly number[]>;
  /** Queries a second of a server with one subscriber, while nothing is appended anywhere. */
  idleQueriesPerSecond(seconds: number): Promise<number>;
}

const body = '{"type":"AmountDeposited","data":"eyJhbW91bnQiOjEwMDAwfQ=="}';
const streams = 100;
/** Longer than the time in which a server without news slows down. */
const idleMs = 3_000;
const idlePauseMs = 30;

/** Two servers in one process over one emulator of DynamoDB. */
export const neighbouringServers: Contender<TellsNeighbours> = {
  name: 'event-store over DynamoDB, 2 instances',
  promise: 'the event and the record that brings it into the feed are in the table',
  async start() {
    const emulator = await startDynoxide();
    const address = await createTable(emulator);
    const tables = [new CountedTable(new SdkTable(address)), new CountedTable(new SdkTable(address))] as const;
    const [here, there] = await Promise.all(tables.map(serverOver));
    if (here === undefined || there === undefined) throw new Error('two servers were started');
    let end = 0;
    return {
      processId: undefined,
      versions: { node: process.versions.node },
      async latencies(appends) {
        const subscriber = new EventSubscriber({ port: here.port, after: end });
        const latencies: number[] = [];
        for (let count = 0; count < appends; count++) {
          const startedMs = performance.now();
          await append(there.port, `account-${end % streams}`);
          await subscriber.until(++end);
          latencies.push(performance.now() - startedMs);
          await pause(Math.random() * idlePauseMs);
        }
        subscriber.close();
        return latencies;
      },
      async idleQueriesPerSecond(seconds) {
        const subscriber = new EventSubscriber({ port: here.port, after: end });
        await pause(idleMs);
        const before = tables[0].queries;
        await pause(seconds * 1_000);
        subscriber.close();
        return (tables[0].queries - before) / seconds;
      },
      async stop() {
        await Promise.all([here.stop(), there.stop()]);
        await emulator.stop();
      },
    };
  },
};

/** Counts what is asked of a table. */
class CountedTable implements Table {
  queries = 0;
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  put: Table['put'] = (item) => this.#table.put(item);
  replace: Table['replace'] = (item, revision) => this.#table.replace(item, revision);
  transactPut: Table['transactPut'] = (items, token) => this.#table.transactPut(items, token);

  query: Table['query'] = (query) => {
    this.queries++;
    return this.#table.query(query);
  };
}

function serverOver(table: Table) {
  const world = { table, clock: systemClock, random: systemRandom, observer: {} };
  const options = { host: '127.0.0.1', port: 0, productVersion: 'benchmark', logLevel: 'silent' } as const;
  return startServer(options, async () => new DynamodbEngine({ world, feed: 'on' }));
}

async function append(port: number, streamId: string): Promise<void> {
  const outgoing = request({ port, host: '127.0.0.1', method: 'POST', path: `/${streamId}` }).end(body);
  const [answer] = await once(outgoing, 'response');
  answer.resume();
  if (answer.statusCode !== 200) throw new Error(`an append was answered ${answer.statusCode}`);
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
