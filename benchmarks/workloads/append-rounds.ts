/** The part that all workloads of appends share: the figures, and the proof that what was acknowledged is there. */
import type { AppendLoad, AppendMeasurement, Appends } from '../contenders/contender.ts';
import { type CompareOptions, compare, type Figure } from './compare.ts';
import type { Started } from './with-started.ts';
import type { Comparison, Settings } from './workload.ts';

type Figures = CompareOptions<Appends, AppendMeasurement>['figures'];

const eventsPerSecond: Figure<AppendMeasurement> = {
  name: 'throughput',
  unit: 'events/s',
  better: 'more',
  of: (round) => round.eventsPerSecond,
};

export const throughput: Figures = [eventsPerSecond];

export const throughputAndLatency: Figures = [
  eventsPerSecond,
  { name: 'median', unit: 'ms', better: 'less', of: ({ latencyMs }) => latencyMs.p50 },
  { name: 'p99', unit: 'ms', better: 'less', of: ({ latencyMs }) => latencyMs.p99 },
  { name: 'p99.9', unit: 'ms', better: 'less', of: ({ latencyMs }) => latencyMs.p999 },
];

export interface AppendCase {
  readonly title: string;
  readonly at?: Comparison['at'];
  readonly load: Omit<AppendLoad, 'seconds'>;
  /** Where more would be more than memory or disk hold. */
  readonly secondsMax?: number;
}

export interface AppendRounds {
  readonly started: readonly Started<Appends>[];
  readonly settings: Settings;
  readonly figures: Figures;
  readonly cases: readonly AppendCase[];
}

/** Beside the one before each case: a server that was just started is slower for some seconds. */
const warmUpRounds = 2;

export async function appendRounds({ started, settings, figures, cases }: AppendRounds): Promise<Comparison[]> {
  await checkShapes(started);
  const stored = new Map<Started<Appends>, Stored>();
  for (const each of started) stored.set(each, { events: await countOf(each), underWayMax: 0 });
  const comparisons: Comparison[] = [];
  const append = async (each: Started<Appends>, load: AppendLoad): Promise<AppendMeasurement> => {
    const result = await each.running.append(load);
    if (result.failures > 0) throw new Error(`${each.contender.name}: ${result.failures} appends failed`);
    const sum = stored.get(each) as Stored;
    sum.events += result.events;
    sum.underWayMax += load.connections * load.eventsPerAppend;
    return result;
  };
  const [firstCase] = cases;
  for (const each of started) {
    if (firstCase !== undefined) await append(each, { ...firstCase.load, seconds: warmUpRounds * settings.seconds });
  }
  for (const { load, secondsMax = settings.seconds, ...about } of cases) {
    const seconds = Math.min(settings.seconds, secondsMax);
    const measure = (each: Started<Appends>) => append(each, { ...load, seconds });
    comparisons.push(...(await compare({ ...about, started, settings, measure, figures })));
  }
  for (const [each, sum] of stored) await checkStored(each, sum);
  return comparisons;
}

interface Stored {
  events: number;
  /** What may be stored beyond that, because the clock stopped before it was answered. */
  underWayMax: number;
}

async function countOf({ running }: Started<Appends>): Promise<number> {
  return (await running.countEvents?.()) ?? 0;
}

/** Those that speak the same protocol must answer the same, or one has less to do. */
async function checkShapes(started: readonly Started<Appends>[]): Promise<void> {
  const shapes = await Promise.all(started.map(({ running }) => running.answerShape?.()));
  const different = new Set(shapes.filter((shape) => shape !== undefined).map((shape) => shape.toSorted().join(' ')));
  if (different.size > 1) throw new Error(`answers differ: ${[...different].join(' | ')}`);
}

/** What was acknowledged is there; beyond it, at most what was under way when the clock stopped. */
async function checkStored(each: Started<Appends>, { events, underWayMax }: Stored): Promise<void> {
  if (each.running.countEvents === undefined) return;
  const held = await countOf(each);
  if (held >= events && held <= events + underWayMax) return;
  throw new Error(`${each.contender.name} acknowledged ${events} events and holds ${held}`);
}
