import { writeFileSync } from 'node:fs';
import type { Contender, ReadsStreams, StreamsFill } from '../contenders/contender.ts';
import { eventStore } from '../contenders/event-store.ts';
import { messageDb } from '../contenders/message-db.ts';
import { redisStreams } from '../contenders/redis-streams.ts';
import type { LoadMeasurement } from '../load/load-measurement.ts';
import { sampleData, smallAppends } from '../load/sample-event.ts';
import { compare } from './compare.ts';
import { type Started, withStarted } from './with-started.ts';
import type { Comparison, Settings, Workload } from './workload.ts';

const contenders: readonly Contender<ReadsStreams>[] = [eventStore, redisStreams, messageDb];
const connections = 16;
const eventsStored = 200_000;
const lengths = [10, 100, 1_000];
const coldSeconds = 1;

/** Reads of whole streams, of several lengths, from memory and from the disk. */
export const streamRead: Workload = {
  name: 'stream-read',
  title: 'Reading streams',
  about:
    `Whole streams of 10, 100 and 1,000 events, one after the other, over ${connections} connections, out of ` +
    `${eventsStored.toLocaleString('en')} events that were written in appends of ten to all streams in turn. Cold ` +
    'means that the page cache was dropped before; Redis has everything in its own memory and PostgreSQL keeps its ' +
    'buffers, so there it stays as it is.',
  async run(settings) {
    const comparisons: Comparison[] = [];
    for (const eventsPerStream of lengths) comparisons.push(...(await readStreams(settings, eventsPerStream)));
    return comparisons;
  },
};

function readStreams(settings: Settings, eventsPerStream: number): Promise<readonly Comparison[]> {
  return withStarted({ contenders, settings }, async (started) => {
    const fill = { streams: eventsStored / eventsPerStream, eventsPerStream, eventsPerAppend: 10 };
    for (const each of started) await fillAndCheck(each, fill);
    const rounds = (options: { title: string; seconds: number; before: () => void }) =>
      compare({
        title: options.title,
        started,
        settings,
        async measure({ contender, running }) {
          options.before();
          const measured = await running.readStreams({ ...fill, connections, seconds: options.seconds });
          if (measured.failures > 0) throw new Error(`${contender.name}: ${measured.failures} reads failed`);
          return measured;
        },
        figures: [
          {
            name: 'throughput',
            unit: 'streams/s',
            better: 'more',
            of: ({ requestsPerSecond }: LoadMeasurement) => requestsPerSecond,
          },
          { name: 'p99', unit: 'ms', better: 'less', of: ({ latencyMs }: LoadMeasurement) => latencyMs.p99 },
        ],
      });
    const title = `${eventsPerStream.toLocaleString('en')} events`;
    const hot = await rounds({ title: `${title}, hot`, seconds: settings.seconds, before: () => undefined });
    if (!canDropPageCache(settings)) return hot;
    const cold = { title: `${title}, cold`, seconds: Math.min(coldSeconds, settings.seconds), before: dropPageCache };
    return [...hot, ...(await rounds(cold))];
  });
}

/** What is read is what was written, in the first stream, the last, and one between. */
async function fillAndCheck({ contender, running }: Started<ReadsStreams>, fill: StreamsFill): Promise<void> {
  await running.fillStreams(fill);
  const expected = sampleData(smallAppends.dataBytes);
  for (const stream of [1, Math.ceil(fill.streams / 2), fill.streams]) {
    const data = await running.dataOfStream(stream);
    const isWhole = data.length === fill.eventsPerStream && data.every((each) => sameJson(each, expected));
    if (!isWhole) throw new Error(`${contender.name}: stream ${stream} is not what was written`);
  }
}

/** PostgreSQL prints the JSON that it stored in its own way. */
function sameJson(one: string, other: string): boolean {
  return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
}

function canDropPageCache({ report }: Settings): boolean {
  if (process.getuid?.() === 0) return true;
  report('reads with a cold page cache are left out: only root may drop it');
  return false;
}

function dropPageCache(): void {
  writeFileSync('/proc/sys/vm/drop_caches', '1');
}
