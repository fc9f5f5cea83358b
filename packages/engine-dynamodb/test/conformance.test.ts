/** The DynamoDB engine keeps the contract, on a native emulator. Shows P-10. */
import { after, before, describe, it } from 'node:test';
import { engineConformance } from '@event-store/conformance';
import { type Emulator, startDynoxide } from './emulator.ts';
import { openEngineOn } from './open-engine-on.ts';

describe('on dynoxide', () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await startDynoxide();
  });
  after(() => emulator.stop());
  engineConformance({ test: { describe, it }, openEngine: openEngineOn(() => emulator), propertyRuns: 5 });
});
