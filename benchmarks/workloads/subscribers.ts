import type { Contender } from '../contenders/contender.ts';
import { eventStore, type StoreItself } from '../contenders/event-store.ts';
import { EventSubscriber } from '../load/event-subscriber.ts';
import { feedEnd } from '../load/feed-end.ts';
import { idleLatencies } from '../load/idle-latencies.ts';
import { PacedAppends } from '../load/paced-appends.ts';
import { smallAppends } from '../load/sample-event.ts';
import { type Percentiles, percentilesOf } from '../measure/percentiles.ts';
import { compare, type Figure } from './compare.ts';
import { type Started, withStarted } from './with-started.ts';
import type { Settings, Workload } from './workload.ts';

const contenders: readonly Contender<StoreItself>[] = [eventStore];

const subscriberCount = 1_000;
const appendsPerSecond = 1_000;
/** Every so many subscribers one looks at the clock. */
const clockEvery = 25;
const connections = 256;

/** How soon and how many: events from an append to whoever waits for them. */
export const subscribers: Workload = {
  name: 'subscribers',
  title: 'Subscribers to the feed',
  about:
    'Subscribers of which each has to get every event once and in order: many at once, one beside all the appends ' +
    'there can be, one on an idle server. None of the rivals has a feed that waits for more.',
  run: (settings) =>
    withStarted({ contenders, settings }, async (started) => {
      const shared = { started, settings };
      const many = await compare({
        ...shared,
        title: `${count(subscriberCount)} subscribers, ${count(appendsPerSecond)} appends a second`,
        measure: (each) => manySubscribers(each, settings),
        figures: [
          {
            name: 'throughput',
            unit: 'delivered events/s',
            better: 'more',
            of: ({ deliveredPerSecond }) => deliveredPerSecond,
          },
          { ...p99, name: 'from request to subscriber, p99' },
        ],
      });
      const beside = await compare({
        ...shared,
        title: `one subscriber, ${connections} connections that append`,
        measure: (each) => besideAppends(each, settings),
        figures: [
          {
            name: 'throughput',
            unit: 'delivered events/s',
            better: 'more',
            of: ({ eventsPerSecond }) => eventsPerSecond,
          },
          { ...p99, name: 'from storing to subscriber, p99' },
        ],
      });
      const alone = await compare({
        ...shared,
        title: 'one subscriber, idle server, from request to subscriber',
        measure: async ({ running }) => ({ latencyMs: percentilesOf(await idleLatencies(running.port)) }),
        figures: [{ ...p99, of: ({ latencyMs }) => latencyMs.p50, name: 'median' }, p99],
      });
      return [...many, ...beside, ...alone];
    }),
};

const p99: Figure<{ readonly latencyMs: Percentiles }> = {
  name: 'p99',
  unit: 'ms',
  better: 'less',
  of: ({ latencyMs }) => latencyMs.p99,
};

function count(number: number): string {
  return number.toLocaleString('en');
}

async function manySubscribers({ running }: Started<StoreItself>, { seconds }: Settings) {
  const { port } = running;
  const after = await feedEnd(port);
  const received: (readonly [position: number, atMs: number])[] = [];
  const clocked = (position: number) => received.push([position, performance.now()]);
  const all = Array.from({ length: subscriberCount }, (_, index) =>
    index % clockEvery === 0 ? new EventSubscriber({ port, after }, clocked) : new EventSubscriber({ port, after }),
  );
  const appends = new PacedAppends(port);
  const first = await appends.one();
  await Promise.all(all.map((each) => each.until(first)));
  const startedMs = performance.now();
  await appends.run({ perSecond: appendsPerSecond, seconds });
  const end = after + appends.sentMs.size;
  await Promise.all(all.map((each) => each.until(end)));
  const deliveredPerSecond = (subscriberCount * (end - first)) / ((performance.now() - startedMs) / 1_000);
  for (const each of [...all, appends]) each.close();
  const latencies = received.map(([position, atMs]) => atMs - (appends.sentMs.get(position) as number));
  return { deliveredPerSecond, events: end - first, latencyMs: percentilesOf(latencies) };
}

/** Every hundredth event is looked into, for the time at which it was stored. */
async function besideAppends({ running }: Started<StoreItself>, { seconds }: Settings) {
  const { port } = running;
  const after = await feedEnd(port);
  const latencies: number[] = [];
  const subscriber = new EventSubscriber({ port, after }, (position, message) => {
    if (position % 100 !== 0) return;
    const time = /"time":"([^"]+)"/.exec(message.toString('latin1'))?.[1] ?? '';
    latencies.push(Date.now() - Date.parse(time));
  });
  const { events, eventsPerSecond } = await running.append({ ...smallAppends, connections, seconds });
  const endedMs = performance.now();
  await subscriber.until(after + events);
  const behindMs = performance.now() - endedMs;
  subscriber.close();
  return { eventsPerSecond, behindMs, latencyMs: percentilesOf(latencies) };
}
