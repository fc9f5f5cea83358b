/** The short form of a part of the programme, as a test. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '@event-store/core';
import { whyNot } from '../../simulation/programme/needs.ts';
import type { Part } from '../../simulation/programme/part.ts';
import { runPart } from '../../simulation/programme/run-part.ts';

const durationMsMax = 420_000;

/** Tries as many units as the short programme has; skipped aloud where the machine lacks something. */
export function shortPart(part: Part): void {
  const { id, title, unit, counts, needs } = part;
  test(`${id}: ${counts.short} ${unit}: ${title}`, async (context) => {
    const reason = whyNot(needs);
    if (reason !== undefined) return context.skip(reason);
    const say = (text: string) => context.diagnostic(text);
    const run = { firstSeed: 1, wanted: counts.short, durationMsMax, clock: systemClock, say, signal: context.signal };
    const { done, failure, firstSeed, figures } = await runPart(part, run);
    if (failure) {
      const again = `npm run torture -- --only ${id} --seed ${failure.seed} --trials 1`;
      throw new Error(`seed ${failure.seed} from ${firstSeed} on; again: ${again}`, { cause: failure.error });
    }
    assert.ok(done >= counts.short, `only ${done} ${unit} were tried`);
    context.diagnostic(`${done} ${unit} ${JSON.stringify(figures)}`);
  });
}
