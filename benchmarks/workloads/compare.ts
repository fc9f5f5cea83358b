/** Measures contenders in turn, round by round, so that whatever disturbs the machine disturbs all. */
import { withAnonymousMemory } from '../measure/anonymous-memory.ts';
import { spreadOf } from '../measure/spread.ts';
import type { Started } from './with-started.ts';
import type { Comparison, Measured, Settings } from './workload.ts';

export interface Figure<Round> {
  readonly name: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  readonly of: (round: Round) => number;
}

export interface CompareOptions<Ability, Round> {
  readonly title: string;
  readonly at?: Comparison['at'];
  readonly started: readonly Started<Ability>[];
  readonly settings: Settings;
  readonly measure: (each: Started<Ability>) => Promise<Round>;
  /** One comparison each, of the same rounds; the first one is reported as it comes. */
  readonly figures: readonly [Figure<Round>, ...Figure<Round>[]];
}

interface Series<Ability, Round> {
  readonly each: Started<Ability>;
  readonly rounds: Round[];
  readonly anonymousMiB: (number | undefined)[];
}

/** A first round warms up and is not counted. */
export async function compare<Ability, Round>(options: CompareOptions<Ability, Round>): Promise<readonly Comparison[]> {
  const { title, at, started, settings, measure, figures } = options;
  const series: Series<Ability, Round>[] = started.map((each) => ({ each, rounds: [], anonymousMiB: [] }));
  for (let round = 0; round <= settings.rounds; round++) {
    for (const { each, rounds, anonymousMiB } of series) {
      const { result, anonymousMiBMax } = await withAnonymousMemory(each.running.processId, () => measure(each));
      anonymousMiB.push(anonymousMiBMax);
      if (round > 0) rounds.push(result);
      const value = `${figures[0].of(result).toPrecision(4)} ${figures[0].unit}`;
      settings.report(`${title}, ${round === 0 ? 'warm-up' : `round ${round}`}: ${each.contender.name} ${value}`);
    }
  }
  return figures.map((figure) => {
    const first = series[0]?.rounds.map(figure.of) ?? [];
    const contenders = series.map((each) => measuredOf(each, { first, figure, isFirst: figure === figures[0] }));
    const place = at === undefined ? {} : { at };
    return { title, figure: figure.name, unit: figure.unit, better: figure.better, ...place, contenders };
  });
}

function measuredOf<Ability, Round>(
  { each, rounds, anonymousMiB }: Series<Ability, Round>,
  { first, figure, isFirst }: { first: readonly number[]; figure: Figure<Round>; isFirst: boolean },
): Measured {
  const figures = rounds.map(figure.of);
  const { name, promise } = each.contender;
  const known = anonymousMiB.filter((value) => value !== undefined);
  return {
    name,
    promise,
    versions: each.running.versions,
    figure: spreadOf(figures),
    firstAgainstThis: spreadOf(figures.map((value, index) => (first[index] ?? Number.NaN) / value)),
    anonymousMiBMax: known.length === 0 || !isFirst ? undefined : Math.max(...known),
    rounds: isFirst ? rounds : [],
  };
}
