import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { freePort } from '../../packages/engine-dynamodb/test/free-port.ts';
import { type ClosedLoop, closedLoop } from '../load/closed-loop.ts';
import { findTool } from '../load/find-tool.ts';
import { redisBenchmark } from '../load/redis-benchmark.ts';
import { eventType, sampleData, smallAppends } from '../load/sample-event.ts';
import {
  type Appends,
  appendMeasurement,
  type Contender,
  type ReadsStreams,
  type ReplaysFeed,
  streamName,
} from './contender.ts';
import { startServer } from './server-process.ts';

/** Whoever lacks one of them hears it before anything has started. */
const tools = ['redis-server', 'redis-cli', 'redis-benchmark', 'closed-loop'];
/** Snapshots and rewriting of its file are off, so that nothing but appends costs it time. */
const settings = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '', '--auto-aof-rewrite-percentage', '0'];
const countAll = `local count = 0
for _, key in ipairs(redis.call('KEYS', 'account-*')) do count = count + redis.call('XLEN', key) end
return count`;
const pipelined = 16;
const firstGuess = { perSecond: 20_000, bytesPerSecond: 100_000_000 };
const fillConnections = 64;
const answerBytesMax = 64 * 1024 * 1024;
const pageEvents = 1_000;
const feed = 'feed';

/**
 * Redis Streams. No expected versions, no retries told apart. It has no command for several events,
 * so where an append has more than one, as many commands are sent at once as is usual. It has no
 * feed either, so all events are in one stream where the feed is read.
 */
export const redisStreams: Contender<Appends & ReadsStreams & ReplaysFeed> = {
  name: 'Redis Streams',
  promise: 'appendfsync always: the command is written and synced before the answer',
  async start(directory) {
    for (const tool of tools) findTool(tool);
    const port = await freePort();
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', directory, ...settings];
    const server = await startServer({ file: findTool('redis-server'), args, port });
    const command = async (...words: readonly string[]) => {
      const { stdout } = await promisify(execFile)(findTool('redis-cli'), ['-p', `${port}`, ...words], {
        maxBuffer: answerBytesMax,
      });
      return stdout.trim();
    };
    const fill = async (load: Pick<ClosedLoop, 'request' | 'replies' | 'requests' | 'streams' | 'connections'>) => {
      const { failures } = await closedLoop({ protocol: 'redis', port, ...load });
      if (failures > 0) throw new Error(`Redis refused ${failures} commands`);
    };
    let pages = 0;
    return {
      processId: server.processId,
      versions: { redis: version() },
      append: appendsAt(port),
      countEvents: async () => Number(await command('EVAL', countAll, '0')),
      async fillStreams({ streams, eventsPerStream, eventsPerAppend }) {
        const request = add('account-{stream}', '*').repeat(eventsPerAppend);
        const requests = (streams * eventsPerStream) / eventsPerAppend;
        await fill({ request, replies: eventsPerAppend, requests, streams, connections: fillConnections });
      },
      readStreams: ({ eventsPerStream, ...load }) => {
        const request = words('XRANGE', 'account-{stream}', '-', '+', 'COUNT', `${eventsPerStream}`);
        return closedLoop({ protocol: 'redis', port, request, ...load });
      },
      dataOfStream: async (stream) => dataIn(await command('--json', 'XRANGE', streamName(stream), '-', '+')),
      async fillFeed(events) {
        pages = Math.ceil(events / pageEvents);
        const request = add(feed, '{stream}-*').repeat(pageEvents);
        await fill({ request, replies: pageEvents, requests: pages, streams: pages, connections: 1 });
      },
      async replay() {
        const request = words('XRANGE', feed, '{stream}', '{stream}');
        const load = { port, request, requests: pages, streams: pages, connections: 1 };
        const { bytes, failures, requestsPerSecond } = await closedLoop({ protocol: 'redis', ...load });
        if (failures > 0 || bytes !== replayBytes(pages)) throw new Error(`Redis sent ${bytes} bytes of its feed`);
        return { events: pages * pageEvents, bytes, seconds: pages / requestsPerSecond };
      },
      stop: () => server.stop(),
    };
  },
};

/** How many requests make up the seconds is guessed from the same load the time before. */
function appendsAt(port: number): Appends['append'] {
  const known = new Map<string, number>();
  return async ({ seconds, ...load }) => {
    const { connections, eventsPerAppend, streams, dataBytes } = load;
    const same = JSON.stringify(load);
    const perSecond = known.get(same) ?? Math.min(firstGuess.perSecond, firstGuess.bytesPerSecond / dataBytes);
    const measured = await redisBenchmark({
      port,
      connections,
      requests: Math.ceil(perSecond * seconds),
      pipelined: eventsPerAppend > 1 ? pipelined : 1,
      numbers: streams,
      command: ['XADD', 'account-__rand_int__', '*', 'type', eventType, 'data'],
      lastWord: sampleData(dataBytes),
    });
    known.set(same, measured.requestsPerSecond);
    return appendMeasurement(measured, 1);
  };
}

/** A command in Redis' protocol; the names of numbers are as long as the numbers. */
function words(...all: readonly string[]): string {
  return `*${all.length}\r\n${all.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}

function add(stream: string, id: string): string {
  return words('XADD', stream, id, 'type', eventType, 'data', sampleData(smallAppends.dataBytes));
}

function dataIn(printed: string): readonly string[] {
  return JSON.parse(printed).map(([, fields]: [string, readonly string[]]) => fields[3]);
}

/** A page is what was added with the same first number; Redis counts on with the second. */
function replayBytes(pages: number): number {
  const fields = words('type', eventType, 'data', sampleData(smallAppends.dataBytes)).length;
  let bytes = 0;
  for (let page = 1; page <= pages; page++) {
    bytes += `*${pageEvents}\r\n`.length;
    for (let event = 0; event < pageEvents; event++) {
      const idBytes = `${page}-${event}`.length;
      bytes += `*2\r\n$${idBytes}\r\n\r\n`.length + idBytes + fields;
    }
  }
  return bytes;
}

function version(): string {
  const printed = execFileSync(findTool('redis-server'), ['--version'], { encoding: 'utf8' });
  return /v=(\S+)/.exec(printed)?.[1] ?? 'unknown';
}
