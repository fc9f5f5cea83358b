import { startStore } from '../../scripts/store-process.ts';
import { answerShape, appendLoad } from '../load/append-load.ts';
import { countEvents } from '../load/count-events.ts';
import { fillStore } from '../load/fill-store.ts';
import type { Appends, Contender, ReplaysFeed } from './contender.ts';

/** This project, started as a user starts it. */
export const eventStore: Contender<Appends & ReplaysFeed> = {
  name: 'event-store',
  promise: 'the event is written and synced before the answer',
  async start(directory) {
    const store = await startStore({ args: ['serve', '--port', '0', '--data', `${directory}/data`] });
    const { url, port, processId } = store;
    const head = ['GET /-/events HTTP/1.1', `Host: 127.0.0.1:${port}`, 'Accept: application/x-ndjson'];
    return {
      processId,
      versions: { node: process.versions.node },
      append: (load) => appendLoad(url, load),
      countEvents: async () => (await countEvents(url)).events,
      answerShape: () => answerShape(url),
      async fill(events) {
        await fillStore(url, events);
        return countEvents(url);
      },
      replay: { port, request: [...head, 'Connection: close', '', ''].join('\r\n') },
      async stop() {
        const { code, stderr } = await store.end('SIGTERM');
        if (code !== 0) throw new Error(`the store ended with ${code}: ${stderr}`);
      },
    };
  },
};
