/**
 * The power goes, or the process is killed, at every call of a short life, and in the recovery
 * that follows: everything acknowledged is there, byte for byte, nothing is there in part, and
 * nothing is served that a second power cut could take away.
 * Shows P-01, P-11.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crashEverywhere } from '../../../../simulation/engine-log/crash-states.ts';
import { scenarios } from '../../../../simulation/engine-log/scenarios.ts';
import { effort } from '../support/effort.ts';

describe('a crash at every call', () => {
  for (const { name, segmentBytes, live } of scenarios) {
    it(`${name}; sectors as on real disks`, async (context) => {
      const tried = await crashEverywhere(
        { options: { segmentBytes, sectorBytes: 512 }, waysPerMoment: 6 * effort, depth: 0, stride: 1 },
        { live, seed: 1 },
      );
      context.diagnostic(`${tried} crash states`);
      assert.ok(tried > 300);
    });

    it(`${name}; torn within lines, and crashes in the recovery and in its recovery`, async (context) => {
      const tried = await crashEverywhere(
        {
          options: { segmentBytes, sectorBytes: 64 },
          waysPerMoment: 1,
          depth: 2,
          stride: Math.ceil(61 / Math.sqrt(effort)),
        },
        { live, seed: 1 },
      );
      context.diagnostic(`${tried} crash states`);
      assert.ok(tried > 500);
    });
  }
});
