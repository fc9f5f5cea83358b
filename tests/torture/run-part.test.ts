/** The frame of the programme: trials by seed, within their time, with what they leave behind cleaned up. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeEntry, readLedger, totalsTable } from '../../simulation/programme/ledger.ts';
import type { Part, Trial } from '../../simulation/programme/part.ts';
import { type PartRun, runPart } from '../../simulation/programme/run-part.ts';
import { SimulatedClock } from '../../simulation/simulated-clock.ts';

const counts = { short: 1, full: 10, goal: 100 };

function partOf(run: Part['run']): Part {
  return { id: 'T0', name: 'nothing', title: 'nothing at all', unit: 'tries', counts, needs: [], run };
}

function runOf(clock: SimulatedClock, run: Partial<PartRun> = {}): PartRun {
  return { firstSeed: 5, wanted: 10, durationMsMax: 1_000, clock, say: () => undefined, ...run };
}

describe('the trials of a part', () => {
  it('take one seed after the other until the count is reached, and are summed', async () => {
    const seeds: number[] = [];
    const part = partOf(async ({ seed, wanted }) => {
      seeds.push(seed);
      return { done: Math.min(4, wanted), figures: { seen: 2 }, faults: { planned: 2, hit: 2 } };
    });
    const report = await runPart(part, runOf(new SimulatedClock({ startMs: 0 })));
    assert.deepEqual(seeds, [5, 6, 7]);
    assert.equal(report.done, 10);
    assert.deepEqual(report.figures, { seen: 6 });
    assert.deepEqual(report.faults, { planned: 6, hit: 6 });
    assert.equal(report.failure, undefined);
  });

  it('do not begin when the longest so far would not fit any more', async () => {
    const clock = new SimulatedClock({ startMs: 0 });
    const durationsMs = [100, 400, 100, 100, 100];
    const part = partOf(async () => {
      clock.advance(durationsMs.shift() ?? 0);
      return { done: 1 };
    });
    const report = await runPart(part, runOf(clock));
    assert.equal(report.trials, 3);
  });

  it('are broken off when the time is over, cleaned up, and not counted', async () => {
    const clock = new SimulatedClock({ startMs: 0 });
    const cleaned: string[] = [];
    const part = partOf(({ defer }) => {
      defer(() => void cleaned.push('first'));
      defer(async () => void cleaned.push('last'));
      return new Promise(() => clock.advance(1_001));
    });
    const report = await runPart(part, runOf(clock));
    assert.deepEqual(cleaned, ['last', 'first']);
    assert.equal(report.trials, 0);
    assert.equal(report.failure, undefined);
  });

  it('end with the first that fails, which is named by its seed', async () => {
    const part = partOf(async ({ seed }: Trial) => {
      if (seed === 6) throw new Error('found');
      return { done: 1 };
    });
    const report = await runPart(part, runOf(new SimulatedClock({ startMs: 0 })));
    assert.equal(report.done, 1);
    assert.equal(report.failure?.seed, 6);
  });

  it('are void when fewer than four fifths of the faults hit', async () => {
    const hitting = (hit: number) => partOf(async () => ({ done: 10, faults: { planned: 10, hit } }));
    const reportOf = (hit: number) => runPart(hitting(hit), runOf(new SimulatedClock({ startMs: 0 })));
    assert.equal((await reportOf(8)).failure, undefined);
    assert.match(`${(await reportOf(7)).failure?.error}`, /void/);
  });
});

describe('the ledger', () => {
  it('sums what was recorded, part by part', async () => {
    const part = partOf(async () => ({ done: 1_000, figures: { seen: 3 }, faults: { planned: 1, hit: 1 } }));
    const report = await runPart(part, runOf(new SimulatedClock({ startMs: 0 })));
    const line = encodeEntry(report, { date: '2026-01-01', commit: 'abc', machine: 'any' });
    const other = { ...part, id: 'T99' };
    const [, , row, otherRow] = totalsTable(readLedger(line + line), [part, other]).split('\n');
    assert.equal(row, '| T0 | nothing at all | 2,000 tries | 100 | 2 of 2 | 6 seen | 0.00 |');
    assert.equal(otherRow, '| T99 | nothing at all | 0 tries | 100 | | | 0.00 |');
  });
});
