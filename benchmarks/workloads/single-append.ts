import { bareHttp } from '../contenders/bare-http.ts';
import type { AppendMeasurement, Appends, Contender } from '../contenders/contender.ts';
import { eventStore } from '../contenders/event-store.ts';
import { redisStreams } from '../contenders/redis-streams.ts';
import { smallAppends } from '../load/sample-event.ts';
import { compare, type Started, withStarted } from './compare.ts';
import type { Comparison, Workload } from './workload.ts';

const contenders: readonly Contender<Appends>[] = [eventStore, redisStreams, bareHttp];

/** Each connection appends one small event and waits for its answer before it sends the next. */
export const singleAppend: Workload = {
  name: 'single-append',
  title: 'One small event an append, to a thousand streams in turn',
  run: (settings) =>
    withStarted({ contenders, settings }, async (started) => {
      await checkShapes(started);
      const comparisons: Comparison[] = [];
      const stored = new Map(started.map((each) => [each, { appends: askedForShape(each), underWayMax: 0 }]));
      for (const connections of settings.connections) {
        const measure = async (each: Started<Appends>): Promise<AppendMeasurement> => {
          const result = await each.running.append({ ...smallAppends, connections, seconds: settings.seconds });
          if (result.failures > 0) throw new Error(`${each.contender.name}: ${result.failures} appends failed`);
          const sum = stored.get(each) as { appends: number; underWayMax: number };
          sum.appends += result.appends;
          sum.underWayMax += connections;
          return result;
        };
        const title = `${connections} connections`;
        const figure = ({ eventsPerSecond }: AppendMeasurement) => eventsPerSecond;
        comparisons.push(await compare({ title, unit: 'appends/s', started, settings, measure, figure }));
      }
      for (const [each, sum] of stored) await checkStored(each, sum);
      return comparisons;
    }),
};

/** Those that speak the same protocol must answer the same, or one has less to do. */
async function checkShapes(started: readonly Started<Appends>[]): Promise<void> {
  const shapes = await Promise.all(started.map(({ running }) => running.answerShape?.()));
  const different = new Set(shapes.filter((shape) => shape !== undefined).map((shape) => shape.toSorted().join(' ')));
  if (different.size > 1) throw new Error(`answers differ: ${[...different].join(' | ')}`);
}

function askedForShape({ running }: Started<Appends>): number {
  return running.answerShape === undefined ? 0 : 1;
}

/** What was acknowledged is there; beyond it, at most what was under way when the clock stopped. */
async function checkStored(
  { contender, running }: Started<Appends>,
  { appends, underWayMax }: { appends: number; underWayMax: number },
): Promise<void> {
  const events = await running.countEvents?.();
  if (events === undefined || (events >= appends && events <= appends + underWayMax)) return;
  throw new Error(`${contender.name} acknowledged ${appends} appends and holds ${events} events`);
}
