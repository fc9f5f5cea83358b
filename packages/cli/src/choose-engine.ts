import { type EngineObserver, StartError, type StorageEngine } from '@event-store/core';
import { openLogEngine } from '@event-store/engine-log';
import type { Config } from './config.ts';

/** Opens the engine that the configuration asks for; it is recovered when the promise fulfils. */
export type OpenEngine = (observer: EngineObserver) => Promise<StorageEngine>;

/** The one place that knows which engines there are. */
export function chooseEngine({ dynamodbTable, data, segmentBytes }: Config): OpenEngine {
  if (dynamodbTable !== undefined) {
    throw new StartError(
      'configuration',
      'DYNAMODB_TABLE is set, but the DynamoDB engine is not part of this build; unset it to store in the data directory.',
    );
  }
  const options = { directory: data, ...(segmentBytes !== undefined && { segmentBytes }) };
  return (observer) => openLogEngine({ ...options, observer });
}
