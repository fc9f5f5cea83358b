/** The DynamoDB engine keeps the contract on Amazon's DynamoDB Local too, where Java is there to run it. */
import { after, before, describe, it } from 'node:test';
import { engineConformance } from '@event-store/conformance';
import { dynamodbLocalMissing, type Emulator, startDynamodbLocal } from './emulator.ts';
import { openEngineOn } from './open-engine-on.ts';

const missing = dynamodbLocalMissing();

describe('on DynamoDB Local', { skip: missing === undefined ? false : `SKIPPED (${missing})` }, () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await startDynamodbLocal();
  });
  after(() => emulator.stop());
  engineConformance({ test: { describe, it }, openEngine: openEngineOn(() => emulator), propertyRuns: 1 });
});
