import type { Appends, Contender, ReplaysFeed } from '../contenders/contender.ts';
import { eventStore } from '../contenders/event-store.ts';
import { EventSubscriber } from '../load/event-subscriber.ts';
import { PacedAppends } from '../load/paced-appends.ts';
import { smallAppends } from '../load/sample-event.ts';
import { percentilesOf } from '../measure/percentiles.ts';
import { compare, type Started, withStarted } from './compare.ts';
import type { Settings, Workload } from './workload.ts';

type Ability = Appends & ReplaysFeed;

const contenders: readonly Contender<Ability>[] = [eventStore];

const subscriberCount = 1_000;
const appendsPerSecond = 1_000;
/** Every so many subscribers one looks at the clock. */
const clockEvery = 25;
const connections = 256;
const idleAppends = 500;
const idlePauseMs = 4;

/** Subscribers to the feed: many at once, one beside all the appends there can be, one on an idle server. */
export const subscribers: Workload = {
  name: 'subscribers',
  title: 'Subscribers to the feed, each of which gets every event in order',
  run: (settings) =>
    withStarted({ contenders, settings }, async (started) => [
      await compare({
        title: `${subscriberCount} subscribers, ${appendsPerSecond} appends a second`,
        unit: 'delivered events/s',
        started,
        settings,
        measure: (each) => manySubscribers(each, settings),
        figure: ({ deliveredPerSecond }) => deliveredPerSecond,
      }),
      await compare({
        title: `one subscriber, ${connections} connections that append`,
        unit: 'ms from storing to the subscriber, p99',
        started,
        settings,
        measure: (each) => besideAppends(each, settings),
        figure: ({ latencyMs }) => latencyMs.p99,
      }),
      await compare({
        title: 'one subscriber, idle server',
        unit: 'ms from request to subscriber, median',
        started,
        settings,
        measure: idle,
        figure: ({ latencyMs }) => latencyMs.p50,
      }),
    ]),
};

async function manySubscribers({ running }: Started<Ability>, { seconds }: Settings) {
  const { port } = running.replay;
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
async function besideAppends({ running }: Started<Ability>, { seconds }: Settings) {
  const { port } = running.replay;
  const after = await feedEnd(port);
  const latencies: number[] = [];
  const subscriber = new EventSubscriber({ port, after }, (position, message) => {
    if (position % 100 !== 0) return;
    const time = /"time":"([^"]+)"/.exec(message.toString('latin1'))?.[1] ?? '';
    latencies.push(Date.now() - Date.parse(time));
  });
  const { appends, eventsPerSecond } = await running.append({ ...smallAppends, connections, seconds });
  const endedMs = performance.now();
  await subscriber.until(after + appends);
  const behindMs = performance.now() - endedMs;
  subscriber.close();
  return { eventsPerSecond, behindMs, latencyMs: percentilesOf(latencies) };
}

async function idle({ running }: Started<Ability>) {
  const { port } = running.replay;
  const received = new Map<number, number>();
  const clocked = (position: number) => void received.set(position, performance.now());
  const subscriber = new EventSubscriber({ port, after: await feedEnd(port) }, clocked);
  const appends = new PacedAppends(port);
  for (let count = 0; count < idleAppends; count++) {
    await subscriber.until(await appends.one());
    await new Promise((resolve) => setTimeout(resolve, idlePauseMs));
  }
  for (const each of [subscriber, appends]) each.close();
  return { latencyMs: percentilesOf([...appends.sentMs].map(([at, sentMs]) => (received.get(at) ?? NaN) - sentMs)) };
}

async function feedEnd(port: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/-/metrics`);
  return Number(/^event_store_engine_feed_position (\d+)$/m.exec(await answer.text())?.[1]);
}
