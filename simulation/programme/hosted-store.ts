/**
 * The process of a store host: opens the embedded store with its server, and gives it up, as often
 * as it is told. Whatever a process of its own would have, it has, but for the seconds of its start.
 */
import { openLogEngine } from '../../packages/engine-log/src/open-log-engine.ts';
import { type RunningServer, startServer } from '../../packages/server/src/index.ts';
import type { HostAnswer, HostRequest } from './host-messages.ts';

let running: RunningServer | undefined;

process.on('message', (request: HostRequest) => {
  run(request).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ kind: 'failed', reason: `${(error as Error).stack}` } satisfies HostAnswer),
  );
});

async function run(request: HostRequest): Promise<HostAnswer> {
  if (request.kind === 'close') {
    const server = running;
    running = undefined;
    await server?.stop();
    return { kind: 'closed' };
  }
  const { directory, segmentBytes } = request;
  const options = { host: '127.0.0.1', port: 0, productVersion: 'hosted', logLevel: 'silent' } as const;
  running = await startServer(options, (observer) => openLogEngine({ directory, segmentBytes, observer }));
  return { kind: 'opened', url: running.url };
}
