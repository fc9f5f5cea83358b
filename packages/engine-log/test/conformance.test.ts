/**
 * The embedded engine keeps the contract, with segments of the default size and with tiny ones.
 * Shows P-10, P-14, P-16.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, it } from 'node:test';
import { engineConformance } from '@event-store/conformance';
import type { Clock } from '@event-store/core';
import { openLogEngine, segmentBytesDefault } from '@event-store/engine-log';
import { openMemoryIndex, realEnvironment } from '@event-store/engine-log/testing';

const configurations = [
  { name: 'segments of default size', propertyRuns: 5 },
  {
    name: 'segments of 2,000 bytes, index in memory',
    segmentBytes: 2_000,
    propertyRuns: 25,
    openIndex: openMemoryIndex,
  },
];

for (const {
  name,
  segmentBytes = segmentBytesDefault,
  propertyRuns,
  openIndex = realEnvironment.openIndex,
} of configurations) {
  describe(name, () => {
    engineConformance({
      test: { describe, it },
      propertyRuns,
      openEngine: async ({ clock = realEnvironment.clock }) => {
        const directory = mkdtempSync(`${tmpdir()}/engine-log-`);
        const open = (clockNow: Clock) =>
          openLogEngine({ directory, segmentBytes }, { ...realEnvironment, clock: clockNow, openIndex });
        let engine = await open(clock);
        return {
          engine,
          reopen: async (options) => {
            await engine.close();
            engine = await open(options.clock ?? clock);
            return engine;
          },
          dispose: async () => {
            await engine.close();
            rmSync(directory, { recursive: true });
          },
        };
      },
    });
  });
}
