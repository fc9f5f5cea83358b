import { bareHttp } from '../contenders/bare-http.ts';
import type { AppendMeasurement, AppendsSingly, Contender } from '../contenders/contender.ts';
import { eventStore } from '../contenders/event-store.ts';
import { compare, type Started, withStarted } from './compare.ts';
import type { Comparison, Workload } from './workload.ts';

const contenders: readonly Contender<AppendsSingly>[] = [eventStore, bareHttp];

/** Each connection appends one small event and waits for its answer before it sends the next. */
export const singleAppend: Workload = {
  name: 'single-append',
  title: 'One small event an append, to a thousand streams in turn',
  run: (settings) =>
    withStarted({ contenders, directory: settings.directory }, async (started) => {
      await checkShapes(started);
      const comparisons: Comparison[] = [];
      const stored = new Map(started.map((each) => [each, { appends: 1, underWayMax: 0 }]));
      for (const connections of settings.connections) {
        const measure = async (each: Started<AppendsSingly>): Promise<AppendMeasurement> => {
          const result = await each.running.appendSingly({ connections, seconds: settings.seconds });
          if (result.failures > 0) throw new Error(`${each.contender.name}: ${result.failures} appends failed`);
          const sum = stored.get(each) as { appends: number; underWayMax: number };
          sum.appends += result.appends;
          sum.underWayMax += connections;
          return result;
        };
        const title = `${connections} connections`;
        const figure = ({ appendsPerSecond }: AppendMeasurement) => appendsPerSecond;
        comparisons.push(await compare({ title, unit: 'appends/s', started, settings, measure, figure }));
      }
      for (const [each, sum] of stored) await checkStored(each, sum);
      return comparisons;
    }),
};

/** Those that speak the same protocol must answer the same, or one has less to do. */
async function checkShapes(started: readonly Started<AppendsSingly>[]): Promise<void> {
  const shapes = await Promise.all(started.map(({ running }) => running.answerShape?.()));
  const different = new Set(shapes.filter((shape) => shape !== undefined).map((shape) => shape.toSorted().join(' ')));
  if (different.size > 1) throw new Error(`answers differ: ${[...different].join(' | ')}`);
}

/** What was acknowledged is there; beyond it, at most what was under way when the clock stopped. */
async function checkStored(
  { contender, running }: Started<AppendsSingly>,
  { appends, underWayMax }: { appends: number; underWayMax: number },
): Promise<void> {
  const events = await running.countEvents?.();
  if (events === undefined || (events >= appends && events <= appends + underWayMax)) return;
  throw new Error(`${contender.name} acknowledged ${appends} appends and holds ${events} events`);
}
