import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Contender, ReplaysFeed } from './contender.ts';
import { eventStore } from './event-store.ts';

/** The log files of a store through the same kind of socket, without anything that looks at them. */
export const catSocket: Contender<ReplaysFeed> = {
  name: 'cat through a socket',
  promise: 'bytes of the files as they are, from the page cache',
  async start(directory) {
    const files: string[] = [];
    const server = createServer((socket) => sendFiles(files, socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      processId: undefined,
      versions: { cat: execFileSync('cat', ['--version'], { encoding: 'utf8' }).split('\n', 1)[0] ?? '' },
      async fill(events) {
        const store = await eventStore.start(directory);
        const filled = await store.fill(events);
        await store.stop();
        files.push(...globSync(`${directory}/data/log/*.ndjson`).sort());
        return filled;
      },
      replay: { port: (server.address() as AddressInfo).port, request: '' },
      async stop() {
        server.close();
      },
    };
  },
};

function sendFiles(files: readonly string[], socket: Socket): void {
  const cat = spawn('cat', files, { stdio: ['ignore', socket, 'inherit'] });
  cat.on('exit', () => socket.destroy());
}
