import { type Clock, type EngineObserver, StartError, type StorageEngine, systemClock } from '@event-store/core';
import { DynamodbEngine } from './dynamodb-engine.ts';
import { laneRegistryPartition } from './items/lane-registry.ts';
import { keepAlive } from './keep-alive.ts';
import { SdkTable } from './sdk-table.ts';
import { systemRandom } from './system-random.ts';
import { QueryFailure } from './table.ts';
import { noCredentials, noCredentialsName, noTable, wrongKeys } from './table-problems.ts';
import { Backoff, type RandomSource, type World } from './world.ts';

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
  const world: World = { table, clock, random, observer };
  try {
    await checkTable(world, { name: options.table, feed });
  } catch (error) {
    table.close();
    throw error;
  }
  const engine = new DynamodbEngine({ world, feed });
  const close = engine.close.bind(engine);
  engine.close = async () => {
    await keepAlive(close());
    table.close();
  };
  return engine;
}

/** Tries that a table gets to answer the first question. */
const triesMax = 5;
const firstBackoff = { firstMs: 50, limitMs: 800 };

async function checkTable(world: World, { name, feed }: { name: string; feed: 'on' | 'off' }): Promise<void> {
  const lanes = await countLanes(world, name);
  if (feed === 'on' || lanes === 0) return;
  const what = `The table "${name}" has a feed, which events written with EVENT_STORE_FEED=off would not be in.`;
  throw new StartError('configuration', `${what} Start with EVENT_STORE_FEED=on.`);
}

/** None or one: whether the table ever had a feed. */
async function countLanes(world: World, name: string): Promise<number> {
  const backoff = new Backoff(world, firstBackoff);
  const query = { partition: laneRegistryPartition, from: 1, direction: 'forward', limit: 1 } as const;
  for (let tries = 1; ; tries++) {
    try {
      return (await world.table.query({ ...query, consistency: 'strong' })).items.length;
    } catch (failure) {
      if (!(failure instanceof QueryFailure)) throw failure;
      if (failure.kind !== 'again' || tries === triesMax) throw startError(failure, name);
    }
    await backoff.wait();
  }
}

function startError({ kind, cause, message }: QueryFailure, name: string): StartError {
  const errorName = cause instanceof Error ? cause.name : '';
  const explain = () => {
    if (errorName === 'ResourceNotFoundException') {
      return noTable(name);
    }
    if (kind === 'invalid') {
      return wrongKeys(name);
    }
    if (errorName === noCredentialsName) {
      return noCredentials(message);
    }
    if (kind === 'denied') {
      return `DynamoDB refused a Query on "${name}" (${errorName}: ${message}). Allow dynamodb:Query and dynamodb:PutItem; event-store dynamodb policy prints the policy.`;
    }
    return `DynamoDB does not answer (${errorName}: ${message}). Check AWS_REGION, the network and AWS_ENDPOINT_URL_DYNAMODB.`;
  };
  return new StartError('configuration', explain(), { cause });
}
