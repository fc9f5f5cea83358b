/** Measures contenders in turn, round by round, so that whatever disturbs the machine disturbs all. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender, Running } from '../contenders/contender.ts';
import { withAnonymousMemory } from '../measure/anonymous-memory.ts';
import { spreadOf } from '../measure/spread.ts';
import type { Comparison, Measured, Settings } from './workload.ts';

export interface Started<Ability> {
  readonly contender: Contender<Ability>;
  readonly running: Running<Ability>;
}

/** Starts all, lets `work` use them, stops all. */
export async function withStarted<Ability, Result>(
  { contenders, directory }: { contenders: readonly Contender<Ability>[]; directory: string },
  work: (started: readonly Started<Ability>[]) => Promise<Result>,
): Promise<Result> {
  const started: Started<Ability>[] = [];
  try {
    for (const contender of contenders) {
      const own = join(directory, contender.name.replaceAll(/\W+/g, '-'));
      mkdirSync(own, { recursive: true });
      started.push({ contender, running: await contender.start(own) });
    }
    return await work(started);
  } finally {
    await stopAll(started);
  }
}

async function stopAll(started: readonly Started<unknown>[]): Promise<void> {
  const stops = await Promise.allSettled(started.map(({ running }) => running.stop()));
  const failures = stops.filter((stop) => stop.status === 'rejected').map(({ reason }) => reason);
  if (failures.length > 0) throw new AggregateError(failures, 'not all contenders stopped well');
}

export interface CompareOptions<Ability, Round> {
  readonly title: string;
  readonly unit: string;
  readonly started: readonly Started<Ability>[];
  readonly settings: Settings;
  readonly measure: (each: Started<Ability>) => Promise<Round>;
  readonly figure: (round: Round) => number;
}

/** A first round warms up and is not counted. */
export async function compare<Ability, Round>(options: CompareOptions<Ability, Round>): Promise<Comparison> {
  const { title, unit, started, settings, measure, figure } = options;
  const series = started.map((each) => ({ each, rounds: [] as Round[], memory: [] as (number | undefined)[] }));
  for (let round = 0; round <= settings.rounds; round++) {
    for (const { each, rounds, memory } of series) {
      const { result, anonymousMiBMax } = await withAnonymousMemory(each.running.processId, () => measure(each));
      memory.push(anonymousMiBMax);
      if (round > 0) rounds.push(result);
      const value = `${figure(result).toPrecision(4)} ${unit}`;
      settings.report(`${title}, ${round === 0 ? 'warm-up' : `round ${round}`}: ${each.contender.name} ${value}`);
    }
  }
  const first = series[0]?.rounds.map(figure) ?? [];
  return { title, unit, contenders: series.map(measured) };

  function measured({ each, rounds, memory }: (typeof series)[number]): Measured {
    const figures = rounds.map(figure);
    const { name, promise } = each.contender;
    return {
      name,
      promise,
      versions: each.running.versions,
      figure: spreadOf(figures),
      firstAgainstThis: spreadOf(figures.map((value, index) => (first[index] ?? Number.NaN) / value)),
      anonymousMiBMax: memory.every((each) => each === undefined)
        ? undefined
        : Math.max(...memory.map((each) => each ?? 0)),
      rounds,
    };
  }
}
