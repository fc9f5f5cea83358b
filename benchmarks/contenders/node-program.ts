import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export interface NodeProgram {
  readonly processId: number;
  readonly port: number;
  /** Ends its input, and waits until it has ended. */
  stop(): Promise<void>;
}

/** Starts a program of ours that prints its port. */
export async function startNodeProgram(program: URL, ...args: readonly string[]): Promise<NodeProgram> {
  const child = spawn(process.execPath, [fileURLToPath(program), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const port = await Promise.race([portIn(child.stdout), exited.then(() => undefined)]);
  if (port === undefined) throw new Error(`${program.pathname} ended with ${child.exitCode}`);
  return {
    processId: child.pid as number,
    port,
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}

/** The first line that is a number; whatever comes after it is read and dropped. */
function portIn(output: Readable): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  createInterface({ input: output }).on('line', (line) => {
    if (/^\d+$/.test(line)) resolve(Number(line));
  });
  return promise;
}
