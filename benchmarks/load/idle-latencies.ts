import { EventSubscriber } from './event-subscriber.ts';
import { feedEnd } from './feed-end.ts';
import { PacedAppends } from './paced-appends.ts';

const appendsOfRound = 500;
const pauseMs = 4;

/** Milliseconds from the request of an append to a subscriber of the feed, one after the other on a server that has nothing else to do. */
export async function idleLatencies(port: number): Promise<readonly number[]> {
  const received = new Map<number, number>();
  const clocked = (position: number) => void received.set(position, performance.now());
  const subscriber = new EventSubscriber({ port, after: await feedEnd(port) }, clocked);
  const appends = new PacedAppends(port);
  for (let count = 0; count < appendsOfRound; count++) {
    await subscriber.until(await appends.one());
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  for (const each of [subscriber, appends]) each.close();
  return [...appends.sentMs].map(([position, sentMs]) => (received.get(position) ?? Number.NaN) - sentMs);
}
