import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, statSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { readAll } from '../load/read-all.ts';
import { wantedType } from '../load/sample-event.ts';
import type { Contender, FiltersFeed, ReplaysFeed } from './contender.ts';
import { eventStore } from './event-store.ts';

/** The log files of a store through the same kind of socket, without anything that looks at them. */
export const catSocket: Contender<ReplaysFeed> = {
  name: 'cat through a socket',
  promise: 'bytes of the files as they are, from the page cache',
  async start(directory) {
    const served = await serveLog(directory, ['cat']);
    let events = 0;
    return {
      ...served.running,
      async fillFeed(count) {
        const store = await eventStore.start(directory);
        await store.fillFeed(count);
        await store.stop();
        events = count;
      },
      async replay() {
        const { bytes, seconds } = await readAll({ port: served.port, request: '' });
        const expected = served.files().reduce((sum, file) => sum + statSync(file).size, 0);
        if (bytes !== expected) throw new Error(`cat sent ${bytes} bytes of ${expected}`);
        return { events, bytes, seconds };
      },
    };
  },
};

/** The same files, and of them the lines that a filter wants. */
export const grepSocket: Contender<FiltersFeed> = {
  name: 'grep through a socket',
  promise: 'lines of the files as they are, from the page cache',
  async start(directory) {
    const served = await serveLog(directory, ['grep', '--no-filename', '--fixed-strings', `"type":"${wantedType}"`]);
    return {
      ...served.running,
      async fillMixedFeed(fill) {
        const store = await eventStore.start(directory);
        await store.fillMixedFeed(fill);
        await store.stop();
      },
      async replayWanted() {
        const { bytes, lines, seconds } = await readAll({ port: served.port, request: '', countsLines: true });
        return { events: lines, bytes, seconds };
      },
    };
  },
};

/** A server that runs a program on the log for each connection and sends what it prints. */
async function serveLog(directory: string, [program = '', ...args]: readonly string[]) {
  const files = () => globSync(`${directory}/data/log/*.ndjson`).sort();
  const server: Server = createServer((socket) => {
    const child = spawn(program, [...args, ...files()], { stdio: ['ignore', socket, 'inherit'] });
    child.on('exit', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).split('\n', 1)[0] ?? 'unknown';
  return {
    port: (server.address() as AddressInfo).port,
    files,
    running: { processId: undefined, versions: { [program]: version }, stop: async () => void server.close() },
  };
}
