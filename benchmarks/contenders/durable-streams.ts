import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installedFolder, NotAvailable } from '../load/find-tool.ts';
import { eventType, sampleData } from '../load/sample-event.ts';
import { wrk } from '../load/wrk.ts';
import { type Appends, appendMeasurement, type Contender, streamName } from './contender.ts';
import { startNodeProgram } from './node-program.ts';

const folder = join(installedFolder, 'node_modules', '@durable-streams', 'server');
const path = '/v1/stream/';
const json = { 'Content-Type': 'application/json' };

/** It keeps a hundred files open and refuses appends that need one more, so it is spared that. */
const streamsMax = 64;

/** The reference server of the durable-streams protocol, in Node.js too; a file for each stream. */
export const durableStreams: Contender<Appends> = {
  name: 'durable-streams',
  promise: `file-backed: the message is written and synced before the answer; ${streamsMax} streams at most`,
  async start(directory) {
    if (!existsSync(folder)) throw new NotAvailable('it is not installed; see npm run bench -- --setup');
    const file = new URL('./durable-streams-server.ts', import.meta.url);
    const program = await startNodeProgram(file, join(folder, 'dist', 'index.js'), directory);
    const url = `http://127.0.0.1:${program.port}`;
    let created = 0;
    return {
      processId: program.processId,
      versions: { node: process.versions.node, 'durable-streams': packageVersion() },
      async append({ eventsPerAppend, dataBytes, connections, seconds, ...load }) {
        const streams = Math.min(load.streams, streamsMax);
        for (; created < streams; created++) await create(url + path + streamName(created + 1));
        const event = JSON.stringify({ type: eventType, data: JSON.parse(sampleData(dataBytes)) });
        const body = eventsPerAppend === 1 ? event : `[${Array(eventsPerAppend).fill(event).join(',')}]`;
        const target = `${path}account-{stream}`;
        return appendMeasurement(
          await wrk({ url, method: 'POST', target, body, streams, connections, seconds }),
          eventsPerAppend,
        );
      },
      async countEvents() {
        let events = 0;
        for (let stream = 1; stream <= created; stream++) {
          const answer = await fetch(`${url}${path}${streamName(stream)}?offset=-1`);
          events += ((await answer.json()) as readonly unknown[]).length;
        }
        return events;
      },
      stop: program.stop,
    };
  },
};

async function create(stream: string): Promise<void> {
  const answer = await fetch(stream, { method: 'PUT', headers: json });
  if (!answer.ok) throw new Error(`${stream} was answered ${answer.status}`);
}

function packageVersion(): string {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
}
