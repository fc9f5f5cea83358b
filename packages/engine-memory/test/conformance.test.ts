/** The memory engine keeps the contract. */
import { describe, it } from 'node:test';
import { engineConformance } from '@event-store/conformance';
import { openMemoryEngine } from '@event-store/engine-memory';

engineConformance({
  test: { describe, it },
  openEngine: async ({ clock }) => {
    const engine = openMemoryEngine(clock === undefined ? {} : { clock });
    return { engine, dispose: () => engine.close() };
  },
});
