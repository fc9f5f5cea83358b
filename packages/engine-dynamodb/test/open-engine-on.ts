import type { OpenEngine } from '@event-store/conformance';
import type { StorageEngine } from '@event-store/core';
import { openDynamodbEngine } from '@event-store/engine-dynamodb';
import { createTable, type Emulator } from './emulator.ts';

/** Opens engines for the conformance suite, each on a table of its own. */
export function openEngineOn(emulator: () => Emulator): OpenEngine {
  return async (options) => {
    const table = await createTable(emulator());
    let engine: StorageEngine = await openDynamodbEngine({ ...table, ...options });
    return {
      engine,
      reopen: async (reopenOptions) => {
        await engine.close();
        engine = await openDynamodbEngine({ ...table, ...reopenOptions });
        return engine;
      },
      dispose: () => engine.close(),
    };
  };
}
