import { catSocket } from '../contenders/cat-socket.ts';
import type { Contender, Filled, ReplaysFeed } from '../contenders/contender.ts';
import { eventStore } from '../contenders/event-store.ts';
import { type ReadAll, readAll } from '../load/read-all.ts';
import { compare, type Started, withStarted } from './compare.ts';
import type { Workload } from './workload.ts';

const contenders: readonly Contender<ReplaysFeed>[] = [eventStore, catSocket];

interface Replay {
  readonly bytes: number;
  readonly seconds: number;
  readonly gigabytesPerSecond: number;
  readonly eventsPerSecond: number;
}

/** One reader takes the whole feed as fast as it comes; only lines of events count as bytes. */
export const feedReplay: Workload = {
  name: 'feed-replay',
  title: 'The whole feed over one connection',
  run: (settings) =>
    withStarted({ contenders, settings }, async (started) => {
      const filled = new Map<Started<ReplaysFeed>, Filled>();
      for (const each of started) {
        settings.report(`filling ${each.contender.name} with ${settings.events} events`);
        filled.set(each, checkFilled(await each.running.fill(settings.events), settings.events));
      }
      const measure = async (each: Started<ReplaysFeed>): Promise<Replay> => {
        const expected = filled.get(each) as Filled;
        const read = await readAll(each.running.replay);
        checkRead(read, expected);
        const { bytes, events } = expected;
        const { seconds } = read;
        return { bytes, seconds, gigabytesPerSecond: bytes / seconds / 1e9, eventsPerSecond: events / seconds };
      };
      const figure = ({ gigabytesPerSecond }: Replay) => gigabytesPerSecond;
      const title = `${settings.events} events`;
      return [await compare({ title, unit: 'GB/s', started, settings, measure, figure })];
    }),
};

function checkFilled(filled: Filled, events: number): Filled {
  if (filled.events === events && filled.lastPosition === events) return filled;
  throw new Error(`filled with ${events} events, read ${filled.events} up to position ${filled.lastPosition}`);
}

/** Everything came, up to the last event; heads and frames are allowed a thousandth. */
function checkRead({ bytes, tail }: ReadAll, expected: Filled): void {
  const isWhole = bytes >= expected.bytes && bytes <= expected.bytes * 1.001 + 64 * 1024;
  if (isWhole && tail.includes(`"position":${expected.lastPosition}`)) return;
  throw new Error(`read ${bytes} bytes of ${expected.bytes}, ended by ${JSON.stringify(tail.slice(-80))}`);
}
