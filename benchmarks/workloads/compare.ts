/** Measures contenders in turn, round by round, so that whatever disturbs the machine disturbs all. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender, Running } from '../contenders/contender.ts';
import { ToolMissing } from '../contenders/find-tool.ts';
import { withAnonymousMemory } from '../measure/anonymous-memory.ts';
import { spreadOf } from '../measure/spread.ts';
import type { Comparison, Measured, Settings } from './workload.ts';

export interface Started<Ability> {
  readonly contender: Contender<Ability>;
  readonly running: Running<Ability>;
}

/** Starts all that are installed, lets `work` use them, stops all. */
export async function withStarted<Ability, Result>(
  { contenders, settings: { directory, report } }: { contenders: readonly Contender<Ability>[]; settings: Settings },
  work: (started: readonly Started<Ability>[]) => Promise<Result>,
): Promise<Result> {
  await using running = new AsyncDisposableStack();
  const started: Started<Ability>[] = [];
  for (const contender of contenders) {
    const own = join(directory, contender.name.replaceAll(/\W+/g, '-'));
    mkdirSync(own, { recursive: true });
    const each = await startIfInstalled(contender, own);
    if (each instanceof ToolMissing) {
      report(`${contender.name} is left out: ${each.message}`);
      continue;
    }
    running.defer(() => each.running.stop());
    started.push(each);
  }
  return await work(started);
}

async function startIfInstalled<Ability>(
  contender: Contender<Ability>,
  directory: string,
): Promise<Started<Ability> | ToolMissing> {
  try {
    return { contender, running: await contender.start(directory) };
  } catch (error) {
    if (error instanceof ToolMissing) return error;
    throw error;
  }
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
