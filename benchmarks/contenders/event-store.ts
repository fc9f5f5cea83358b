import { startStore } from '../../scripts/store-process.ts';
import { type ClosedLoop, closedLoop } from '../load/closed-loop.ts';
import { type CountedEvents, countEvents } from '../load/count-events.ts';
import { fillFeed } from '../load/fill-feed.ts';
import { readFeed } from '../load/read-feed.ts';
import { appendBody, mixedBody, smallAppends, wantedType } from '../load/sample-event.ts';
import { wrk } from '../load/wrk.ts';
import { answerShape } from './answer-shape.ts';
import {
  type Appends,
  appendMeasurement,
  type Contender,
  type FiltersFeed,
  type ReadsStreams,
  type Replayed,
  type ReplaysFeed,
  type ServesHttp,
  streamName,
} from './contender.ts';

/** Everything that is measured of this store. */
export interface StoreItself extends Appends, ReadsStreams, ReplaysFeed, FiltersFeed, ServesHttp {
  /** Ends it as a failure would. */
  kill(): Promise<void>;
}

/** This project, started as a user starts it. */
export const eventStore: Contender<StoreItself> = {
  name: 'event-store',
  promise: 'the event is written and synced before the answer',
  async start(directory) {
    const store = await startStore({ args: ['serve', '--port', '0', '--data', `${directory}/data`] });
    const { url, port, processId } = store;
    let feed: CountedEvents = { events: 0, bytes: 0, lastPosition: 0 };
    return {
      processId,
      port,
      versions: { node: process.versions.node },
      async append({ eventsPerAppend, dataBytes, ...load }) {
        const body = appendBody({ eventsPerAppend, dataBytes });
        const measured = await wrk({ url, method: 'POST', target: '/account-{stream}', body, ...load });
        return appendMeasurement(measured, eventsPerAppend);
      },
      countEvents: async () => (await countEvents(url)).events,
      answerShape: () => answerShape(url),
      async fillStreams({ streams, eventsPerStream, eventsPerAppend }) {
        const requests = Math.ceil((streams * eventsPerStream) / eventsPerAppend);
        const body = appendBody({ eventsPerAppend, dataBytes: smallAppends.dataBytes });
        await fill({ port, body, requests, streams, connections: 64 });
      },
      readStreams: ({ eventsPerStream, ...load }) =>
        wrk({ url, method: 'GET', target: `/account-{stream}?limit=${eventsPerStream}`, ...load }),
      dataOfStream: (stream) => dataOfStream(`${url}/${streamName(stream)}`),
      async fillFeed(events) {
        await fillFeed({ url, events, body: appendBody({ ...smallAppends, eventsPerAppend: 1_000 }) });
        feed = await countEvents(url);
        if (feed.events !== events) throw new Error(`filled with ${events} events, read ${feed.events}`);
      },
      replay: () => replay({ port, ...feed }),
      async fillMixedFeed({ events, wantedEvery }) {
        await fillFeed({ url, events, body: mixedBody(wantedEvery) });
      },
      async replayWanted() {
        const startedMs = performance.now();
        const { events, bytes } = await countEvents(url, `?type=${wantedType}`);
        return { events, bytes, seconds: (performance.now() - startedMs) / 1_000 };
      },
      async stop() {
        const { code, stderr } = await store.end('SIGTERM');
        if (code !== 0) throw new Error(`the store ended with ${code}: ${stderr}`);
      },
      async kill() {
        await store.end('SIGKILL');
      },
    };
  },
};

async function fill({ body, ...load }: Omit<ClosedLoop, 'protocol' | 'request'> & { body: string }): Promise<void> {
  const head = ['POST /account-{stream} HTTP/1.1', 'Host: localhost', `Content-Length: ${body.length}`, '', body];
  const { failures } = await closedLoop({ protocol: 'http', request: head.join('\r\n'), ...load });
  if (failures > 0) throw new Error(`${failures} appends were refused`);
}

/** Everything has to come, up to the last event; heads and frames are allowed a thousandth. */
async function replay({ port, events, bytes, lastPosition }: CountedEvents & { port: number }): Promise<Replayed> {
  const read = await readFeed({ port, lastPosition });
  const isWhole = read.bytes >= bytes && read.bytes <= bytes * 1.001 + 64 * 1024;
  if (isWhole) return { events, bytes, seconds: read.seconds };
  throw new Error(`read ${read.bytes} bytes of the feed, which has ${bytes}`);
}

async function dataOfStream(url: string): Promise<readonly string[]> {
  const answer = await fetch(url, { headers: { Accept: 'application/x-ndjson' } });
  const lines = (await answer.text()).trimEnd().split('\n');
  return lines.map((line) => atob(JSON.parse(line).data));
}
