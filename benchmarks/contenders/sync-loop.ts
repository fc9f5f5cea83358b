import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { percentilesOf } from '../measure/percentiles.ts';
import type { Appends, Contender } from './contender.ts';

const program = fileURLToPath(new URL('./sync-loop-program.ts', import.meta.url));
const outputBytesMax = 256 * 1024 * 1024;
/** What a line of the log has beside its data. */
const lineBytes = 200;

/**
 * What the disk lets through: one write and one sync for as many events as there are connections,
 * without a network, a reader or an index.
 */
export const syncLoop: Contender<Appends> = {
  name: 'bare write and sync',
  promise: 'a group of events, one for each connection, is written and synced; nobody asked for it',
  async start(directory) {
    const file = join(directory, 'file');
    return {
      processId: undefined,
      versions: { node: process.versions.node },
      async append({ connections, seconds, eventsPerAppend, dataBytes }) {
        const groupEvents = connections * eventsPerAppend;
        const bytes = groupEvents * (lineBytes + Math.ceil((dataBytes * 4) / 3));
        const { stdout } = await promisify(execFile)(process.execPath, [program, file, `${bytes}`, `${seconds}`], {
          maxBuffer: outputBytesMax,
        });
        const result: { readonly seconds: number; readonly timesMs: readonly number[] } = JSON.parse(stdout);
        const events = result.timesMs.length * groupEvents;
        const latencyMs = percentilesOf(result.timesMs);
        return { events, failures: 0, eventsPerSecond: events / result.seconds, latencyMs };
      },
      stop: async () => rmSync(file, { force: true }),
    };
  },
};
