/**
 * The power goes, or the process is killed, at every call of a short life, and in the recovery
 * that follows: everything acknowledged is there, byte for byte, nothing is there in part, and
 * nothing is served that a second power cut could take away.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { momentsOf, tryMoments } from '../support/crash-states.ts';
import { effort } from '../support/effort.ts';
import { checkedHistory } from '../support/history.ts';
import { scenarios } from '../support/scenarios.ts';
import { SimulatedMachine } from '../support/simulated-machine.ts';

/** Real disks tear at 512 bytes; smaller sectors tear inside every line. */
const sectorSizes = [64, 512];

describe('a crash at every call', () => {
  for (const { name, segmentBytes, live } of scenarios) {
    for (const sectorBytes of sectorSizes) {
      const options = { segmentBytes, sectorBytes };

      it(`${name}, sectors of ${sectorBytes} bytes`, async (context) => {
        const whole = { machine: new SimulatedMachine(options), acknowledged: 0 };
        await live(whole);
        const lines = await checkedHistory(await whole.machine.open());
        assert.equal(lines.length, whole.acknowledged);
        const moments = await momentsOf(options, live);
        const wide = { options, lines, waysPerMoment: 6 * effort, depth: 0, stride: 1 };
        const deep = { options, lines, waysPerMoment: 1, depth: 2, stride: Math.max(1, Math.round(9 / effort)) };
        const tried = (await tryMoments(moments, wide, sectorBytes)) + (await tryMoments(moments, deep, sectorBytes));
        context.diagnostic(`${tried} crash states`);
        assert.ok(tried > 500);
      });
    }
  }
});
