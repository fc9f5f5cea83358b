import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { freePort } from '../../packages/engine-dynamodb/test/free-port.ts';
import { redisBenchmark } from '../load/redis-benchmark.ts';
import type { Appends, Contender } from './contender.ts';
import { findTool } from './find-tool.ts';
import { startServer } from './server-process.ts';

/** Snapshots and rewriting of its file are off, so that nothing but appends costs it time. */
const settings = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '', '--auto-aof-rewrite-percentage', '0'];
const countAll = `local count = 0
for _, key in ipairs(redis.call('KEYS', 'account*')) do count = count + redis.call('XLEN', key) end
return count`;
const pipelined = 16;
const firstGuessPerSecond = 20_000;

/**
 * Redis Streams. No expected versions, no retries told apart. It has no command for several events,
 * so where an append has more than one, as many commands are sent at once as is usual.
 */
export const redisStreams: Contender<Appends> = {
  name: 'Redis Streams',
  promise: 'appendfsync always: the command is written and synced before the answer',
  async start(directory) {
    const port = await freePort();
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', directory, ...settings];
    const server = await startServer({ file: findTool('redis-server'), args, port });
    const command = async (...words: readonly string[]) => {
      const { stdout } = await promisify(execFile)(findTool('redis-cli'), ['-p', `${port}`, ...words]);
      return stdout.trim();
    };
    let perSecond = firstGuessPerSecond;
    return {
      processId: server.processId,
      versions: { redis: versionOf('redis-server') },
      async append(load) {
        const several = load.eventsPerAppend > 1;
        const appends = Math.ceil(perSecond * load.seconds);
        const result = await redisBenchmark({ ...load, port, appends, pipelined: several ? pipelined : 1 });
        perSecond = result.eventsPerSecond;
        return result;
      },
      countEvents: async () => Number(await command('EVAL', countAll, '0')),
      stop: () => server.stop(),
    };
  },
};

function versionOf(program: string): string {
  return execFileSync(findTool(program), ['--version'], { encoding: 'utf8' }).match(/v=(\S+)/)?.[1] ?? 'unknown';
}
