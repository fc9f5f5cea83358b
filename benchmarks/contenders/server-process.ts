import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { scheduler } from 'node:timers/promises';

export interface ServerProcess {
  readonly processId: number;
  /** Asks it to end and waits until it has. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface ServerCommand extends Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'> {
  readonly file: string;
  readonly args: readonly string[];
  readonly port: number;
}

const pauseMs = 20;

/** A rival's server, once its port takes connections; fails with what it printed if it ends before. */
export async function startServer({ file, args, port, ...options }: ServerCommand): Promise<ServerProcess> {
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-4_000);
    });
  }
  const killWithUs = () => child.kill('SIGKILL');
  // Before anything else, or its files cannot be removed.
  process.prependListener('exit', killWithUs);
  const ended = once(child, 'exit').then(() => process.off('exit', killWithUs));
  while (!(await takesConnections(port))) {
    if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}: ${printed}`);
    await scheduler.wait(pauseMs);
  }
  return {
    processId: child.pid as number,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
    },
  };
}

async function takesConnections(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
