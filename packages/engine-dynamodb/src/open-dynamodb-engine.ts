import { type Clock, type EngineObserver, StartError, type StorageEngine, systemClock } from '@event-store/core';
import { DynamodbEngine } from './dynamodb-engine.ts';
import { laneRegistryPartition } from './items/lane-registry.ts';
import { SdkTable } from './sdk-table.ts';
import { systemRandom } from './system-random.ts';
import { partitionKey, QueryFailure, sortKey, type Table } from './table.ts';
import type { RandomSource } from './world.ts';

export interface DynamodbEngineOptions {
  /** The table's name. */
  readonly table: string;
  /** By the SDK's usual chain when left out (`AWS_REGION`), like the credentials. */
  readonly region?: string | undefined;
  /** An emulator; by the SDK's usual chain when left out (`AWS_ENDPOINT_URL_DYNAMODB`). */
  readonly endpoint?: string | undefined;
  /** Whether there is one order of all events; it costs more write units. On when left out. */
  readonly feed?: 'on' | 'off' | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: RandomSource | undefined;
  readonly observer?: EngineObserver | undefined;
}

/**
 * Opens the engine on a table that exists, with no other permission than `PutItem` and `Query`.
 *
 * @throws StartError when the table cannot be used as it is, with what to do about it.
 */
export async function openDynamodbEngine(options: DynamodbEngineOptions): Promise<StorageEngine> {
  const { feed = 'on', clock = systemClock, random = systemRandom, observer = {} } = options;
  const table = new SdkTable(options);
  try {
    await checkTable(table, { name: options.table, feed });
  } catch (error) {
    table.close();
    throw error;
  }
  const engine = new DynamodbEngine({ world: { table, clock, random, observer }, feed });
  const close = engine.close.bind(engine);
  engine.close = async () => {
    await close();
    table.close();
  };
  return engine;
}

async function checkTable(table: Table, { name, feed }: { name: string; feed: 'on' | 'off' }): Promise<void> {
  let lanes: number;
  try {
    const query = { partition: laneRegistryPartition, from: 1, direction: 'forward', limit: 1 } as const;
    lanes = (await table.query({ ...query, consistency: 'strong' })).items.length;
  } catch (failure) {
    if (failure instanceof QueryFailure) throw startError(failure, name);
    throw failure;
  }
  if (feed === 'on' || lanes === 0) return;
  const what = `The table "${name}" has a feed, which events written with EVENT_STORE_FEED=off would not be in.`;
  throw new StartError('configuration', `${what} Start with EVENT_STORE_FEED=on.`);
}

function startError({ kind, cause, message }: QueryFailure, name: string): StartError {
  const errorName = cause instanceof Error ? cause.name : '';
  const explain = () => {
    if (errorName === 'ResourceNotFoundException') {
      return `There is no table "${name}" in this region. Create it with: event-store dynamodb create-table`;
    }
    if (kind === 'invalid') {
      return `The table "${name}" needs the partition key "${partitionKey}" (S) and the sort key "${sortKey}" (N); these keys cannot be changed, so create another table.`;
    }
    if (kind === 'denied') {
      return `DynamoDB refused a Query on "${name}" (${errorName}: ${message}). Allow dynamodb:Query and dynamodb:PutItem; event-store dynamodb policy prints the policy.`;
    }
    return `DynamoDB does not answer (${errorName}: ${message}). Check AWS_REGION, the network and AWS_ENDPOINT_URL_DYNAMODB.`;
  };
  return new StartError('configuration', explain(), { cause });
}
