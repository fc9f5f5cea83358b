import { type EngineObserver, StartError, type StorageEngine } from '@event-store/core';
import { openLogEngine } from '@event-store/engine-log';
import type { Config } from './config.ts';

/** Opens the engine that the configuration asks for; it is recovered when the promise fulfils. */
export type OpenEngine = (observer: EngineObserver) => Promise<StorageEngine>;

/** The one place that knows which engines there are. */
export function chooseEngine(config: Config): OpenEngine {
  const { dynamodbTable, data, segmentBytes, scrubBytesPerSecond } = config;
  if (dynamodbTable !== undefined) return chooseDynamodb(config, dynamodbTable);
  const options = {
    directory: data,
    ...(segmentBytes !== undefined && { segmentBytes }),
    ...(scrubBytesPerSecond !== undefined && { scrubBytesPerSecond }),
  };
  return (observer) => openLogEngine({ ...options, observer });
}

function chooseDynamodb({ feed, awsRegion, dynamodbEndpoint }: Config, table: string): OpenEngine {
  if (awsRegion === undefined) {
    throw new StartError(
      'configuration',
      'DYNAMODB_TABLE is set without AWS_REGION; set it to the region of the table.',
    );
  }
  const options = { table, feed, region: awsRegion, endpoint: dynamodbEndpoint };
  return async (observer) => {
    const { openDynamodbEngine } = await import('@event-store/engine-dynamodb');
    return openDynamodbEngine({ ...options, observer });
  };
}
